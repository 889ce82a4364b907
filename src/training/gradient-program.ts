import { availableParallelism } from "node:os";
import { at, atKey } from "../base/at.ts";
import { gradients, topologicalOrder } from "../graph/gradient.ts";
import { sizeOf } from "../graph/shape.ts";
import { type Parameter, parameterCount, parameterViews } from "../nn/parameters.ts";
import { compileParallel } from "../runtime/parallel.ts";
import type { ProgramOptions } from "../runtime/program.ts";
import type { Feeds } from "../runtime/session.ts";
import { sharedVector } from "../runtime/threads.ts";
import { meanGradients } from "./mean-gradients.ts";
import type { Losses, LossGraph, Task } from "./task.ts";

export interface GradientProgram {
  readonly parameters: readonly Parameter[];
  /** Drawings computed at once; the batch is worked through in pieces of this size. */
  readonly microBatch: number;
  /** Multiplications and additions of the convolutions and matrix products, for one drawing. */
  readonly flopsPerDrawing: number;
  /** Flat vectors in shared memory, one a worker; a run leaves the mean gradient there, as their sum. */
  readonly gradients: readonly Float32Array[];
  /** Mean losses of the batch. Weights in shared memory are read from there by every worker. */
  run(weights: Float32Array, batch: Feeds): Promise<Losses>;
  dispose(): Promise<void>;
}

/**
 * Bytes of everything computed at one time, in all workers, as if no memory were used twice; ONNX Runtime needs a
 * quarter. At the seed's size that makes two workers with 8 drawings each; 16 are 4 % faster and take 0.23 GiB more.
 */
const COMPUTED_BYTES = 3 * 2 ** 30;

/** Each worker holds weights and gradients of its own; where there are more cores, each gets several of them. */
const MOST_WORKERS = 4;

export interface GradientOptions extends Pick<ProgramOptions, "device" | "threads" | "profile"> {
  /** Upper bound of the values computed at one time, in bytes. */
  readonly computedBytes?: number;
}

/**
 * Compiles loss and gradients of a network for batches of `batchSize` drawings, computed on every core. The number of
 * workers and the size of the micro-batches, chosen from their memory, change results by float32 rounding only.
 */
export async function compileGradients(
  lossGraph: Task["lossGraph"],
  batchSize: number,
  { device = "cpu", threads = 0, profile, computedBytes = COMPUTED_BYTES }: GradientOptions,
): Promise<GradientProgram> {
  const cores = threads || availableParallelism();
  const workers = device === "cpu" ? largestDivisor(batchSize, Math.min(cores, MOST_WORKERS)) : 1;
  const share = batchSize / workers;
  const bytesOf = (size: number) => valueBytes(lossGraph(size, size));
  const microBatch = largestDivisor(share, computedBytes / workers / (bytesOf(2) - bytesOf(1)));
  const means = meanGradients(lossGraph, share, microBatch, microBatch / batchSize);
  const { parameters } = means;
  const lossNames = Object.keys(means.losses);
  const outputs = Object.fromEntries([
    ...Object.entries(means.losses).map(([name, loss]) => [lossName(name), loss] as const),
    ...parameters.map(({ name }) => [gradientName(name), atKey(means.gradients, name)] as const),
  ]);
  const gradients = Array.from({ length: workers }, () => sharedVector(parameterCount(parameters)));
  const results = gradients.map((gradient) => ({
    ...Object.fromEntries(lossNames.map((name) => [lossName(name), sharedVector(1)])),
    ...Object.fromEntries(
      [...parameterViews(parameters, gradient)].map(([name, part]) => [gradientName(name), part]),
    ),
  }));
  const program = await compileParallel<string>(outputs, results, {
    device,
    threads: Math.floor(cores / workers),
    ...(profile !== undefined && { profile }),
  });
  const flops = topologicalOrder(Object.values(outputs)).reduce((sum, node) => sum + node.flops(), 0);

  return {
    parameters,
    microBatch,
    flopsPerDrawing: flops / share,
    gradients,
    async run(weights, batch) {
      const common = Object.fromEntries(parameterViews(parameters, weights));
      await program.run(common, batch);
      const mean = (name: string) =>
        results.reduce(
          (sum, result: Readonly<Record<string, Float32Array>>) => sum + at(atKey(result, lossName(name)), 0),
          0,
        );
      return { ...Object.fromEntries(lossNames.map((name) => [name, mean(name)])), loss: mean("loss") };
    },
    dispose: program.dispose,
  };
}

// A parameter may be called as a loss is.
const lossName = (loss: string) => `loss.${loss}`;
const gradientName = (parameter: string) => `gradient.${parameter}`;

/** Bytes of everything computed on the way to the losses' gradients. */
function valueBytes({ parameters, losses }: LossGraph): number {
  const derivatives = gradients(
    losses.loss,
    parameters.map(({ tensor }) => tensor),
  );
  return topologicalOrder([losses.loss, ...derivatives])
    .filter(({ inputs }) => inputs.length > 0)
    .reduce(
      (sum, { outputs }) => sum + outputs.reduce((bytes, { shape }) => bytes + 4 * sizeOf(shape), 0),
      0,
    );
}

/** The largest divisor of n that is at most `limit` (at least 1). */
function largestDivisor(n: number, limit: number): number {
  let divisor = Math.max(1, Math.min(n, Math.floor(limit)));
  while (n % divisor !== 0) divisor--;
  return divisor;
}
