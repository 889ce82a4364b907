import type { RandomStream } from "../../base/random.ts";
import type { Predict } from "../../diffusion/estimate.ts";
import { samplers } from "../../diffusion/samplers.ts";
import { mul, sub } from "../../graph/ops/elementwise.ts";
import { reshape, sum } from "../../graph/ops/stretch.ts";
import { axisSizes } from "../../graph/shape.ts";
import { input, scalar } from "../../graph/tensor.ts";
import { linear } from "../../nn/layers.ts";
import { parameterScope } from "../../nn/parameters.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { Initializers } from "../../runtime/session.ts";
import type { Head, OffsetSampler } from "../sketchrnn/head.ts";
import { compilePart } from "../sketchrnn/part.ts";
import { denoise } from "./network.ts";
import { alphaBars, NOISES, noise, noised, repeated } from "./noise.ts";
import { type DiffusionDraws, type DiffusionSettings, TIME_STEPS } from "./settings.ts";

const sampler = samplers.dpm;
/** Offsets are cut to so many of their standard deviations: none is as long as that. */
const LONGEST = 8;

/** A small diffusion model of the next offset alone, told by the decoder what to expect (Li et al. 2024). */
export const head: Head<DiffusionSettings, DiffusionDraws> = {
  output: (scope, { headWidth }, hidden) => linear(scope.child("condition"), hidden, headWidth),
  width: ({ headWidth }) => headWidth,
  noise,
  error(scope, settings, output, offset, given) {
    if (given === undefined) throw new Error("a diffusion head learns from noise");
    const [rows] = axisSizes("diffusion head", offset.shape, 2);
    const { noisy, times, velocity } = noised(offset, given, rows);
    const condition = repeated(output, rows, settings.headWidth);
    const error = sub(denoise(scope, settings, { noisy, times, condition }), velocity);
    const squares = reshape(mul(error, error), [rows, NOISES * 2]);
    return mul(sum(squares, [1]), scalar(1 / (NOISES * 2)));
  },
  build: buildHead,
  open,
};

/** Offsets by DPM-Solver++ with fresh noise, as much as the temperature says (Li et al. 2024, section 3.2). */
async function open(
  settings: DiffusionSettings,
  weights: Initializers,
  runtime: Runtime,
  atLeast: number,
): Promise<OffsetSampler<DiffusionDraws>> {
  const build = (count: number) => buildHead(settings, count);
  const { rows, run, dispose } = await compilePart(build, weights, atLeast, runtime);
  return {
    async next(condition, streams, { steps, temperature }) {
      const predict: Predict = async (noisy, t) => ({
        conditional: await run({ noisy, times: new Float32Array(rows).fill(t), condition }),
      });
      const noiseOf = (factor: number) =>
        Float32Array.from(streams.flatMap((stream) => pair(stream).map((value) => factor * value)));
      const walk = sampler.walk(predict, noiseOf(1), {
        alphaBars,
        predictionType: "v",
        times: sampler.times(TIME_STEPS, steps),
        guidance: 1,
        clamp: LONGEST,
        eta: 1,
        freshNoise: () => noiseOf(temperature),
      });
      let offsets = new Float32Array();
      for await (const { x } of walk) offsets = Float32Array.from(x);
      return offsets;
    },
    dispose,
  };
}

const pair = (stream: RandomStream): readonly number[] => [stream.normal(), stream.normal()];

/** The head as a graph of its own. */
function buildHead(settings: DiffusionSettings, rows: number) {
  const { scope, parameters } = parameterScope();
  const prediction = denoise(scope.child("head"), settings, {
    noisy: input("noisy", [rows, 2]),
    times: input("times", [rows]),
    condition: input("condition", [rows, settings.headWidth]),
  });
  return { outputs: { prediction }, parameters };
}
