import { availableParallelism } from "node:os";
import type { NetworkOutput } from "../diffusion/estimate.ts";
import { sizeOf } from "../graph/shape.ts";
import { buildDenoiser } from "../models/network.ts";
import { type Parameter, parameterViews } from "../nn/parameters.ts";
import { compileParallel } from "../runtime/parallel.ts";
import { compile, type Feeds, type ProgramOptions } from "../runtime/program.ts";
import { sharedVector } from "../runtime/threads.ts";
import { type Model, networkConfigOf, parametersOf } from "./model.ts";

export type DeviceOptions = Pick<ProgramOptions, "device" | "threads">;

/** The network's second part with its weights baked in, for a number of rows: noisy drawings with their conditions. */
export interface DenoiserProgram {
  readonly rows: number;
  run(feeds: Feeds): Promise<NetworkOutput>;
  dispose(): Promise<void>;
}

/** Rows that are worth the start of workers, which takes as long as a dozen runs of them. */
const ROWS_FOR_WORKERS = 5;
/** Enough for the matrix products, few enough for the cache. */
const ROWS_OF_A_WORKER = 16;
const ROWS_OF_A_DEVICE = 256;

const coresOf = ({ threads }: DeviceOptions): number => threads || availableParallelism();

/** Rows that are best computed at once. */
export const mostRows = (options: DeviceOptions): number =>
  (options.device ?? "cpu") === "cpu" ? ROWS_OF_A_WORKER * coresOf(options) : ROWS_OF_A_DEVICE;

/**
 * Compiles the second part for at least so many rows. A row's numbers are the same to the bit whatever the others are:
 * workers have one thread each, and without them there are two rows at least. (The threads of one ONNX Runtime share out
 * rows, but of a single row its sums, which then round differently.)
 */
export async function compileDenoiser(
  model: Model,
  atLeast: number,
  options: DeviceOptions,
): Promise<DenoiserProgram> {
  const { device = "cpu" } = options;
  const inWorkers = device === "cpu" && atLeast >= ROWS_FOR_WORKERS;
  const workers = inWorkers ? Math.min(coresOf(options), atLeast) : 1;
  const rowsEach = Math.max(2, Math.ceil(atLeast / workers));
  const { output, parameters } = buildDenoiser(networkConfigOf(model.config), rowsEach);
  const { prediction, penLogits } = output;
  const outputs = { prediction, ...(penLogits && { penLogits }) };
  const initializers = weightsOf(model, parameters);
  if (!inWorkers) {
    const program = await compile<string>(outputs, { ...options, initializers });
    return {
      rows: rowsEach,
      run: async (feeds) => toOutput(await program.run(feeds)),
      dispose: program.dispose,
    };
  }

  const whole = Object.fromEntries(
    Object.entries(outputs).map(([name, { shape }]) => [name, sharedVector(workers * sizeOf(shape))]),
  );
  const results = Array.from({ length: workers }, (_, i) =>
    Object.fromEntries(Object.entries(whole).map(([name, vector]) => [name, partOf(vector, i, workers)])),
  );
  const program = await compileParallel<string>(outputs, results, { device, threads: 1, initializers });
  return {
    rows: workers * rowsEach,
    async run(feeds) {
      await program.run({}, feeds);
      return toOutput(
        Object.fromEntries(Object.entries(whole).map(([name, values]) => [name, values.slice()])),
      );
    },
    dispose: program.dispose,
  };
}

const toOutput = ({ prediction, penLogits }: Record<string, Float32Array>): NetworkOutput => ({
  prediction,
  ...(penLogits && { penLogits }),
});

const partOf = (vector: Float32Array, part: number, parts: number): Float32Array =>
  vector.subarray((part * vector.length) / parts, ((part + 1) * vector.length) / parts);

/** The weights of some of a model's parameters, by name. */
export function weightsOf({ config, weights }: Model, parameters: readonly Parameter[]) {
  const views = parameterViews(parametersOf(networkConfigOf(config)), weights);
  return new Map([...views].filter(([name]) => parameters.some((parameter) => parameter.name === name)));
}
