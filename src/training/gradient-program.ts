import { availableParallelism } from "node:os";
import { gradients, topologicalOrder } from "../graph/gradient.ts";
import { mul } from "../graph/ops/elementwise.ts";
import { sizeOf } from "../graph/shape.ts";
import { scalar, type Tensor } from "../graph/tensor.ts";
import { type Parameter, parameterViews } from "../nn/parameters.ts";
import { compileParallel } from "../runtime/parallel.ts";
import type { Feeds, ProgramOptions } from "../runtime/program.ts";
import type { Losses, LossGraph } from "./task.ts";

export interface GradientProgram {
  readonly parameters: readonly Parameter[];
  /** Drawings computed at once; the batch is worked through in pieces of this size. */
  readonly microBatch: number;
  /** Multiplications and additions of the convolutions and matrix products, for one drawing. */
  readonly flopsPerDrawing: number;
  /** Mean losses of the batch; leaves the mean gradient in `gradient`. */
  run(weights: Float32Array, batch: Feeds, gradient: Float32Array): Promise<Losses>;
  dispose(): Promise<void>;
}

/**
 * Bytes of everything computed at one time, in all workers, as if no memory were used twice; ONNX Runtime needs a
 * quarter. At the seed's size that makes two workers with 16 drawings each; 32 would be 4 % faster and take 0.4 GiB more.
 */
const COMPUTED_BYTES = 6 * 2 ** 30;

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
  lossGraph: (batch: number) => LossGraph,
  batchSize: number,
  { device = "cpu", threads = 0, profile, computedBytes = COMPUTED_BYTES }: GradientOptions,
): Promise<GradientProgram> {
  const cores = threads || availableParallelism();
  const workers = device === "cpu" ? largestDivisor(batchSize, Math.min(cores, MOST_WORKERS)) : 1;
  const [bytesOfOne, bytesOfTwo] = [1, 2].map((batch) => valueBytes(withGradients(lossGraph(batch)).all));
  const bytesOfDrawing = bytesOfTwo - bytesOfOne;
  const microBatch = largestDivisor(batchSize / workers, computedBytes / workers / bytesOfDrawing);
  const pieces = batchSize / microBatch;
  const { losses, parameters, all } = withGradients(lossGraph(microBatch), 1 / pieces);
  const gradientTensors = Object.fromEntries(
    parameters.map(({ name }, i) => [gradientName(name), all[i + 1]]),
  );
  const lossTensors = Object.fromEntries(
    Object.entries<Tensor>(losses).map(([name, loss]) => [lossName(name), loss]),
  );
  const program = await compileParallel<string, string>(
    { ...lossTensors, ...gradientTensors },
    Object.fromEntries(parameters.map(({ name, tensor }) => [name, tensor])),
    { workers, device, threads: Math.floor(cores / workers), ...(profile !== undefined && { profile }) },
  );

  return {
    parameters,
    microBatch,
    flopsPerDrawing: topologicalOrder(all).reduce((sum, node) => sum + node.flops(), 0) / microBatch,
    async run(weights, batch, gradient) {
      const sums = Object.fromEntries(
        Object.keys(losses).map((name) => [lossName(name), new Float32Array(1)]),
      );
      const gradientParts = [...parameterViews(parameters, gradient)].map(([name, part]) => [
        gradientName(name),
        part,
      ]);
      await program.run(
        Object.fromEntries(parameterViews(parameters, weights)),
        Array.from({ length: pieces }, (_, piece) => pieceOf(batch, piece, pieces)),
        { ...sums, ...Object.fromEntries(gradientParts) },
      );
      const values = Object.fromEntries(Object.keys(losses).map((name) => [name, sums[lossName(name)][0]]));
      return { ...values, loss: values.loss };
    },
    dispose: program.dispose,
  };
}

// A parameter may be called as a loss is.
const lossName = (loss: string) => `loss.${loss}`;
const gradientName = (parameter: string) => `gradient.${parameter}`;

/** Losses and gradients of a batch, times `share`: of its pieces' losses a batch's mean is the sum. */
function withGradients({ parameters, losses: means }: LossGraph, share = 1) {
  const losses = Object.fromEntries(
    Object.entries<Tensor>(means).map(([name, loss]) => [name, mul(loss, scalar(share))]),
  );
  const derivatives = gradients(
    losses.loss,
    parameters.map(({ tensor }) => tensor),
  );
  return { losses, parameters, all: [losses.loss, ...derivatives] };
}

/** One of `pieces` equal parts of a batch; shares the batch's memory. */
const pieceOf = (batch: Feeds, piece: number, pieces: number): Feeds =>
  Object.fromEntries(
    Object.entries(batch).map(([name, array]) => [
      name,
      array.subarray((piece * array.length) / pieces, ((piece + 1) * array.length) / pieces),
    ]),
  );

/** Bytes of everything computed on the way to `tensors`. */
const valueBytes = (tensors: readonly Tensor[]): number =>
  topologicalOrder(tensors)
    .filter(({ inputs }) => inputs.length > 0)
    .reduce(
      (sum, { outputs }) => sum + outputs.reduce((bytes, { shape }) => bytes + 4 * sizeOf(shape), 0),
      0,
    );

/** The largest divisor of n that is at most `limit` (at least 1). */
function largestDivisor(n: number, limit: number): number {
  let divisor = Math.max(1, Math.min(n, Math.floor(limit)));
  while (n % divisor !== 0) divisor--;
  return divisor;
}
