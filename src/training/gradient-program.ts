import { type DiffusionLoss, diffusionLoss } from "../diffusion/loss.ts";
import { gradients, topologicalOrder } from "../graph/gradient.ts";
import { sizeOf } from "../graph/shape.ts";
import { input, type Tensor } from "../graph/tensor.ts";
import { buildNetwork, channelsOf, type NetworkConfig } from "../models/network.ts";
import { type Parameter, parameterCount, parameterViews } from "../nn/parameters.ts";
import { compile, type ProgramOptions } from "../runtime/program.ts";

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
 * Bytes of everything computed for one micro-batch, as if no memory were used twice; ONNX Runtime needs a quarter.
 * At the seed's size 16, 32 and 64 drawings reach 0.73, 0.80 and 0.90 of the MatMul peak on two cores, and 64 need more
 * than 2 GiB: the limit lies between.
 */
const MICRO_BATCH_BYTES = 3 * 2 ** 30;

export interface GradientOptions extends Omit<ProgramOptions, "initializers" | "into"> {
  /** Upper bound of a micro-batch's computed values, in bytes. */
  readonly microBatchBytes?: number;
}

/**
 * Compiles loss and gradients of a network for batches of `batchSize` drawings. The size of the micro-batches, chosen
 * from their memory, changes results by float32 rounding only.
 */
export async function compileGradients(
  config: NetworkConfig,
  batchSize: number,
  penWeight: number,
  { microBatchBytes = MICRO_BATCH_BYTES, ...options }: GradientOptions,
): Promise<GradientProgram> {
  const [bytesOfOne, bytesOfTwo] = [1, 2].map((batch) => valueBytes(lossGraph(config, batch, penWeight).all));
  const microBatch = largestDivisor(batchSize, microBatchBytes / (bytesOfTwo - bytesOfOne));
  const { losses, parameters, all } = lossGraph(config, microBatch, penWeight);
  const { microGradient, into } = gradientTargets(parameters);
  const outputs = { total: losses.total, coordinates: losses.coordinates, pen: losses.pen };
  const byName = Object.fromEntries(parameters.map(({ name }, i) => [gradientName(name), all[i + 1]]));
  const program = await compile<string>({ ...outputs, ...byName }, { ...options, into });
  const pieces = batchSize / microBatch;

  return {
    parameters,
    microBatch,
    flopsPerDrawing: topologicalOrder(all).reduce((sum, node) => sum + node.flops(), 0) / microBatch,
    async run(weights, batch, gradient) {
      const fed = Object.fromEntries(parameterViews(parameters, weights));
      const sums = { loss: 0, coordinates: 0, pen: 0 };
      gradient.fill(0);
      for (let piece = 0; piece < pieces; piece++) {
        const results = await program.run({ ...fed, ...pieceOf(batch, piece, pieces) });
        sums.loss += results.total[0] / pieces;
        sums.coordinates += results.coordinates[0] / pieces;
        sums.pen += results.pen[0] / pieces;
        for (let i = 0; i < gradient.length; i++) gradient[i] += microGradient[i] / pieces;
      }
      return sums;
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

function lossGraph(config: NetworkConfig, batch: number, penWeight: number): LossGraph {
  const { output, parameters } = buildNetwork(config, batch);
  const targets = {
    target: input("target", [batch, config.points, channelsOf(config)]),
    weights: input("weights", [batch]),
    pens: input("pens", [batch, config.points]),
  };
  const losses = diffusionLoss(output, targets, penWeight);
  const all = [
    losses.total,
    ...gradients(
      losses.total,
      parameters.map(({ tensor }) => tensor),
    ),
  ];
  return { losses, parameters, all };
}

function gradientTargets(parameters: readonly Parameter[]) {
  const microGradient = new Float32Array(parameterCount(parameters));
  const views = parameterViews(parameters, microGradient);
  return { microGradient, into: new Map([...views].map(([name, view]) => [gradientName(name), view])) };
}

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
