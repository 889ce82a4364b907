import { UserError } from "../base/errors.ts";
import { didYouMean } from "../base/nearest.ts";
import { randomStream, streams } from "../base/random.ts";
import type { ModelConfig } from "../config/model.ts";
import { ddim, type NetworkOutput, type Predict } from "../diffusion/ddim.ts";
import { cosineSchedule } from "../diffusion/schedule.ts";
import { buildNetwork, channelsOf } from "../models/network.ts";
import { parameterViews } from "../nn/parameters.ts";
import { compile, type ProgramOptions } from "../runtime/program.ts";
import { rounded } from "../sketch/curve.ts";
import { encodings } from "../sketch/encoding.ts";
import { denormalise } from "../sketch/normalisation.ts";
import { fitInto, type Sketch } from "../sketch/sketch.ts";
import { smooth } from "../sketch/smooth.ts";
import { type Model, networkConfigOf } from "./model.ts";

/** A drawing by the network; seed and index name it, whatever else was drawn with it. */
export interface GeneratedSketch extends Sketch {
  readonly seed: number;
  readonly index: number;
}

export interface SampleOptions extends Pick<ProgramOptions, "device" | "threads"> {
  readonly category: string;
  /** Drawings wanted; 1 unless told. */
  readonly count?: number;
  readonly seed?: number;
  /** Network evaluations a drawing; the model's own number unless told. */
  readonly steps?: number;
  /** Weight of classifier-free guidance; 1 is none. */
  readonly guidance?: number;
  /** Fresh noise in every step: 0 none (DDIM), 1 as much as DDPM. */
  readonly eta?: number;
  /** Called after every step with the share done, 0 .. 1. */
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
}

/** Drawings computed at once: enough for the matrix products, small enough for the cache. */
const BATCH = 32;
/**
 * ONNX Runtime shares out the rows of a batch over its threads, but the sums within a row when there is one row only,
 * and those then round differently. From two rows on (guidance makes two of one drawing) a drawing's bits depend on
 * nothing drawn with it.
 */
const SMALLEST_BATCH = 2;
/** The seed's picture: 200 px in the middle of 256. */
const SIZE = 256;
const MARGIN = 28;

/** Draws: yields drawings of 256 x 256 in the order of their index. Throws a UserError for a category it never learnt. */
export async function* sample(model: Model, options: SampleOptions): AsyncGenerator<GeneratedSketch> {
  const { config } = model;
  const { category, count = 1, seed = 0, onProgress, signal } = options;
  const { steps = config.samplingSteps, guidance = config.guidance, eta = config.eta } = options;
  const label = labelOf(config, category);
  if (steps > config.diffusionSteps) {
    throw new UserError(
      `${steps} sampling steps: this model has ${config.diffusionSteps} time steps, so at most that many.`,
    );
  }
  if (count < 1) return;
  const chunks = Math.ceil(count / BATCH);
  const batch = Math.max(Math.ceil(count / chunks), guidance === 1 ? SMALLEST_BATCH : 1);
  const size = config.points * channelsOf(networkConfigOf(config));
  const { predict, dispose } = await predictor(model, batch, label, guidance, options);
  const { alphaBars } = cosineSchedule(config.diffusionSteps);
  try {
    for (let chunk = 0; chunk < chunks; chunk++) {
      const first = chunk * batch;
      const drawings = Array.from({ length: batch }, (_, i) =>
        randomStream(seed, streams.drawing, first + i),
      );
      const freshNoise = () => {
        const fresh = new Float32Array(batch * size);
        for (let i = 0; i < fresh.length; i++) fresh[i] = drawings[Math.floor(i / size)].normal();
        return fresh;
      };
      const noise = freshNoise();
      let x: Float32Array = noise;
      let penLogits: Float32Array | undefined;
      for await (const state of ddim(predict, noise, {
        alphaBars,
        predictionType: config.prediction,
        eta,
        freshNoise,
        steps,
        guidance,
      })) {
        signal?.throwIfAborted();
        ({ x, penLogits } = state);
        onProgress?.((chunk + state.step / steps) / chunks);
      }
      for (let i = 0; i < batch && first + i < count; i++) {
        const row = x.subarray(i * size, (i + 1) * size);
        const logits = penLogits?.subarray(i * config.points, (i + 1) * config.points);
        yield { ...decode(config, category, row, logits), word: category, seed, index: first + i };
      }
    }
  } finally {
    await dispose();
  }
}

/** The model's label of a category; throws a UserError for one that it never learnt. */
export function labelOf({ categories }: ModelConfig, category: string): number {
  const label = categories.indexOf(category);
  if (label >= 0) return label;
  throw new UserError(
    `this model has not learnt "${category}".${didYouMean(category, categories)} It draws: ${categories.join(", ")}.`,
  );
}

/** The drawing that the sampler ended with: `row` [points, channels], with pen logits or the pen as third channel. */
function decode(
  config: ModelConfig,
  category: string,
  row: Float32Array,
  penLogits: Float32Array | undefined,
): Sketch {
  const { points, encoding } = config;
  const channels = row.length / points;
  const values = Float32Array.from(
    { length: points * 2 },
    (_, i) => row[Math.floor(i / 2) * channels + (i % 2)],
  );
  const pens = penLogits
    ? penLogits.map((logit) => 1 / (1 + Math.exp(-logit)))
    : Float32Array.from({ length: points }, (_, i) => Number(row[i * channels + 2] > 0));
  const sketch = encodings[encoding].decode(denormalise(values, config.normalisation[category]), pens);
  // Steps add up to a jittery line, which the seed smooths; few positions are the corners of what was a curve.
  return fitInto(encoding === "delta" ? smooth(sketch) : rounded(sketch), SIZE, MARGIN);
}

/** The network with its weights baked in, asked for both halves of guidance in one batch. */
async function predictor(
  { config, weights }: Model,
  batch: number,
  label: number,
  guidance: number,
  { device = "cpu", threads = 0 }: SampleOptions,
): Promise<{ predict: Predict; dispose: () => Promise<void> }> {
  const halves = guidance === 1 ? 1 : 2;
  const network = buildNetwork(networkConfigOf(config), halves * batch);
  const { prediction, penLogits } = network.output;
  const program = await compile<string>(
    { prediction, ...(penLogits && { penLogits }) },
    { device, threads, initializers: parameterViews(network.parameters, weights) },
  );
  const noClass = config.categories.length;
  const labels = BigInt64Array.from({ length: halves * batch }, (_, i) =>
    BigInt(i < batch ? label : noClass),
  );
  const half = (array: Float32Array, which: number) =>
    array.subarray((which * array.length) / halves, ((which + 1) * array.length) / halves);
  const predict: Predict = async (x, t) => {
    const noisy = new Float32Array(halves * x.length);
    for (let which = 0; which < halves; which++) noisy.set(x, which * x.length);
    const output = await program.run({ noisy, times: new Float32Array(halves * batch).fill(t), labels });
    const part = (which: number): NetworkOutput => ({
      prediction: half(output.prediction, which),
      ...(output.penLogits && { penLogits: half(output.penLogits, which) }),
    });
    return halves === 1 ? { conditional: part(0) } : { conditional: part(0), unconditional: part(1) };
  };
  return { predict, dispose: program.dispose };
}
