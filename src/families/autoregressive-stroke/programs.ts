import type { Predict } from "../../diffusion/estimate.ts";
import { evaluationTimes } from "../../diffusion/samplers.ts";
import { input } from "../../graph/tensor.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { weightsOf } from "../denoiser/program.ts";
import { keepLast } from "../keep-last.ts";
import {
  buildContext,
  buildStroke,
  buildTime,
  contextInputs,
  parametersOf,
  type StrokeSizes,
  strokeInputs,
} from "./network.ts";
import { numbersOf } from "./strokes.ts";

/** How the networks are asked. */
interface Question {
  /** With which each drawing is read: that of its category and, for guidance, that of no class. */
  readonly labels: readonly number[];
  /** The time steps of a trajectory. */
  readonly times: readonly number[];
  /** The most drawings that there will be: the networks are compiled for so many. */
  readonly capacity: number;
}

/** Both networks, compiled. */
export interface Programs {
  /**
   * Reads drawings, the numbers of their strokes so far.
   * @returns a function that asks about the noisy next strokes of all of them.
   */
  read(drawings: readonly (readonly Float32Array[])[], question: Question): Promise<Predict>;
  dispose(): Promise<void>;
}

/** Keeps the compiled networks as long as they are asked about as many rows. */
export function openPrograms(sizes: StrokeSizes, weights: Float32Array, runtime: Runtime): Programs {
  const all = parametersOf(sizes);
  const contexts = keepLast((atLeast) => {
    const build = (rows: number) => buildContext(sizes, contextInputs(sizes, rows));
    const own = weightsOf(all, weights, build(1).parameters);
    return runtime.compileRows((rows) => ({ context: build(rows).output }), atLeast, own);
  });
  const strokes = keepLast((atLeast) => {
    const build = (rows: number) => buildStroke(sizes, strokeInputs(sizes, rows));
    const own = weightsOf(all, weights, build(1).parameters);
    return runtime.compileRows((rows) => ({ prediction: build(rows).output }), atLeast, own);
  });
  // Apart from the rows of drawings: the last bit of a sine depends on its place among others.
  const clocks = keepLast((count) => {
    const { output, parameters } = buildTime(sizes, input("times", [count]));
    return runtime.compile({ time: output }, weightsOf(all, weights, parameters));
  });

  /** What the strokes so far say of the next one of each drawing, with each label: [labels, drawings, contextWidth]. */
  async function read(drawings: readonly (readonly Float32Array[])[], { labels, capacity }: Question) {
    const { rows, run } = await contexts.get(capacity * labels.length);
    const size = numbersOf(sizes);
    const before = new Float32Array(rows * sizes.strokes * size);
    const told = new BigInt64Array(rows);
    const asked = labels.flatMap((label) => drawings.map((drawing) => ({ label, drawing })));
    for (const [row, { label, drawing }] of asked.entries()) {
      told[row] = BigInt(label);
      for (const [i, numbers] of drawing.entries()) before.set(numbers, (row * sizes.strokes + i + 1) * size);
    }
    const { context } = await run({ before, labels: told });
    const width = sizes.contextWidth;
    return asked.map(({ drawing }, row) => {
      const from = (row * sizes.strokes + drawing.length) * width;
      return context.subarray(from, from + width);
    });
  }

  return {
    async read(drawings, question) {
      const contextOf = await read(drawings, question);
      const times = evaluationTimes(question.times);
      const clock = await clocks.get(times.length);
      const { time } = await clock.run({ times: Float32Array.from(times) });
      const { rows, run } = await strokes.get(question.capacity * question.labels.length);
      const { contextWidth, width } = sizes;
      const timeOf = new Map(times.map((t, i) => [t, time.subarray(i * width, (i + 1) * width)]));
      const context = new Float32Array(rows * contextWidth);
      for (const [row, values] of contextOf.entries()) context.set(values, row * contextWidth);
      return async (x, t) => {
        const noisy = new Float32Array(rows * (x.length / drawings.length));
        for (const half of question.labels.keys()) noisy.set(x, half * x.length);
        const atTime = timeOf.get(t);
        if (atTime === undefined) throw new Error(`nothing was computed for time step ${t}`);
        const now = new Float32Array(rows * width);
        for (let row = 0; row < rows; row++) now.set(atTime, row * width);
        const { prediction } = await run({ noisy, time: now, context });
        const half = (which: number) => ({
          prediction: prediction.subarray(which * x.length, (which + 1) * x.length),
        });
        return { conditional: half(0), ...(question.labels.length > 1 && { unconditional: half(1) }) };
      };
    },
    async dispose() {
      await contexts.dispose();
      await strokes.dispose();
      await clocks.dispose();
    },
  };
}
