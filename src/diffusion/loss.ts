import { add, mul, softplus, sub } from "../graph/ops/elementwise.ts";
import { mean } from "../graph/ops/mean.ts";
import { reshape } from "../graph/ops/stretch.ts";
import { constant, scalar, type Tensor } from "../graph/tensor.ts";
import type { Denoiser } from "./denoiser.ts";

export interface DiffusionLoss {
  readonly loss: Tensor;
  readonly coordinates: Tensor;
  /** Zero where the pen is one of the coordinates. */
  readonly pen: Tensor;
}

/** What the network's output is compared with. */
export interface DiffusionTargets {
  /** [batch, points, channels]. */
  readonly target: Tensor;
  /** Weight of each drawing's squared error, [batch]. */
  readonly weights: Tensor;
  /** [batch, points] of 0 and 1. */
  readonly pens: Tensor;
  /** 1 on points that are known and ask for nothing, [batch, points]. */
  readonly known?: Tensor | undefined;
}

/**
 * Weighted mean squared error of the prediction (Ho et al. 2020, eq. 14) plus `penWeight` times the binary
 * cross-entropy of the pen logits; every loss is a scalar.
 */
export function diffusionLoss(output: Denoiser, targets: DiffusionTargets, penWeight: number): DiffusionLoss {
  const { target, weights, pens, known } = targets;
  const coordinates = weightedSquares(errorOf(output.prediction, target, known), weights);
  if (output.penLogits === undefined) return { loss: coordinates, coordinates, pen: constant([0], []) };
  // Cross-entropy on logits z: log(1 + e^z) - z y.
  const pen = reshape(mean(sub(softplus(output.penLogits), mul(output.penLogits, pens))), []);
  return { loss: add(coordinates, mul(pen, scalar(penWeight))), coordinates, pen };
}

/** Mean square of an error [batch, points, channels], weighted by drawing: a scalar. */
export function weightedSquares(error: Tensor, weights: Tensor): Tensor {
  const perDrawing = mean(mul(error, error), [1, 2]);
  return reshape(mean(mul(perDrawing, reshape(weights, perDrawing.shape))), []);
}

/** How far a prediction is from its target where something is to be drawn; known points ask for nothing. */
export function errorOf(prediction: Tensor, target: Tensor, known: Tensor | undefined): Tensor {
  const error = sub(prediction, target);
  return known ? mul(error, unknown(known)) : error;
}

/** 1 on points that are to be drawn, 0 on known ones: [batch, points] to [batch, points, 1]. */
export const unknown = (known: Tensor): Tensor => reshape(sub(scalar(1), known), [...known.shape, 1]);
