import { availableParallelism } from "node:os";
import { type DiffusionLoss, diffusionLoss } from "../diffusion/loss.ts";
import { gradients, topologicalOrder } from "../graph/gradient.ts";
import { mul } from "../graph/ops/elementwise.ts";
import { sizeOf } from "../graph/shape.ts";
import { input, scalar, type Tensor } from "../graph/tensor.ts";
import { buildNetwork, channelsOf, type NetworkConfig } from "../models/network.ts";
import { type Parameter, parameterViews } from "../nn/parameters.ts";
import { compileParallel } from "../runtime/parallel.ts";
import type { ProgramOptions } from "../runtime/program.ts";

/** A batch of noisy drawings and what the network should say of them; every array holds the drawings in order. */
export interface Batch {
  readonly noisy: Float32Array;
  readonly times: Float32Array;
  readonly labels: BigInt64Array;
  /** The noise or velocity to predict. */
  readonly target: Float32Array;
  /** Weight of each drawing's squared error. */
  readonly weights: Float32Array;
  readonly pens: Float32Array;
}

export interface Losses {
  readonly loss: number;
  readonly coordinates: number;
  readonly pen: number;
}

export interface GradientProgram {
  readonly parameters: readonly Parameter[];
  /** Drawings computed at once; the batch is worked through in pieces of this size. */
  readonly microBatch: number;
  /** Multiplications and additions of the convolutions and matrix products, for one drawing. */
  readonly flopsPerDrawing: number;
  /** Mean losses of the batch; leaves the mean gradient in `gradient`. */
  run(weights: Float32Array, batch: Batch, gradient: Float32Array): Promise<Losses>;
  dispose(): Promise<void>;
}

/**
 * Bytes of everything computed at one time, in all workers, as if no memory were used twice; ONNX Runtime needs a
 * quarter. At the seed's size that makes two workers with 16 drawings each; 32 would be 3 % faster and take 0.3 GiB more.
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
  config: NetworkConfig,
  batchSize: number,
  penWeight: number,
  { device = "cpu", threads = 0, profile, computedBytes = COMPUTED_BYTES }: GradientOptions,
): Promise<GradientProgram> {
  const cores = threads || availableParallelism();
  const workers = device === "cpu" ? largestDivisor(batchSize, Math.min(cores, MOST_WORKERS)) : 1;
  const [bytesOfOne, bytesOfTwo] = [1, 2].map((batch) => valueBytes(lossGraph(config, batch, penWeight).all));
  const bytesOfDrawing = bytesOfTwo - bytesOfOne;
  const microBatch = largestDivisor(batchSize / workers, computedBytes / workers / bytesOfDrawing);
  const pieces = batchSize / microBatch;
  const { losses, parameters, all } = lossGraph(config, microBatch, penWeight, 1 / pieces);
  const gradientTensors = Object.fromEntries(
    parameters.map(({ name }, i) => [gradientName(name), all[i + 1]]),
  );
  const program = await compileParallel<string, string>(
    { ...losses, ...gradientTensors },
    Object.fromEntries(parameters.map(({ name, tensor }) => [name, tensor])),
    { workers, device, threads: Math.floor(cores / workers), ...(profile !== undefined && { profile }) },
  );

  return {
    parameters,
    microBatch,
    flopsPerDrawing: topologicalOrder(all).reduce((sum, node) => sum + node.flops(), 0) / microBatch,
    async run(weights, batch, gradient) {
      const sums = { total: new Float32Array(1), coordinates: new Float32Array(1), pen: new Float32Array(1) };
      const gradientParts = [...parameterViews(parameters, gradient)].map(([name, part]) => [
        gradientName(name),
        part,
      ]);
      await program.run(
        Object.fromEntries(parameterViews(parameters, weights)),
        Array.from({ length: pieces }, (_, piece) => pieceOf(batch, piece, pieces)),
        { ...sums, ...Object.fromEntries(gradientParts) },
      );
      return { loss: sums.total[0], coordinates: sums.coordinates[0], pen: sums.pen[0] };
    },
    dispose: program.dispose,
  };
}

const gradientName = (parameter: string) => `gradient.${parameter}`;

interface LossGraph {
  losses: DiffusionLoss;
  parameters: readonly Parameter[];
  /** The loss, then the gradient of each parameter. */
  all: Tensor[];
}

/** Loss and gradients of a batch, times `share`: of its pieces' losses a batch's mean is the sum. */
function lossGraph(config: NetworkConfig, batch: number, penWeight: number, share = 1): LossGraph {
  const { output, parameters } = buildNetwork(config, batch);
  const targets = {
    target: input("target", [batch, config.points, channelsOf(config)]),
    weights: input("weights", [batch]),
    pens: input("pens", [batch, config.points]),
  };
  const means = diffusionLoss(output, targets, penWeight);
  const shared = (loss: Tensor) => mul(loss, scalar(share));
  const losses = {
    total: shared(means.total),
    coordinates: shared(means.coordinates),
    pen: shared(means.pen),
  };
  const derivatives = gradients(
    losses.total,
    parameters.map(({ tensor }) => tensor),
  );
  return { losses, parameters, all: [losses.total, ...derivatives] };
}

/** One of `pieces` equal parts of a batch; shares the batch's memory. */
function pieceOf({ noisy, times, labels, target, weights, pens }: Batch, piece: number, pieces: number) {
  const cut = <A extends Float32Array | BigInt64Array>(array: A) =>
    array.subarray((piece * array.length) / pieces, ((piece + 1) * array.length) / pieces) as A;
  return {
    noisy: cut(noisy),
    times: cut(times),
    labels: cut(labels),
    target: cut(target),
    weights: cut(weights),
    pens: cut(pens),
  };
}

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
