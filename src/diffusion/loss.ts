import { add, mul, softplus, sub } from "../graph/ops/elementwise.ts";
import { mean } from "../graph/ops/mean.ts";
import { reshape } from "../graph/ops/stretch.ts";
import { scalar, type Tensor } from "../graph/tensor.ts";
import type { Denoiser } from "../models/denoiser.ts";

export interface DiffusionLoss {
  readonly total: Tensor;
  readonly coordinates: Tensor;
  readonly pen: Tensor;
}

/**
 * Mean squared error of the prediction (Ho et al. 2020, eq. 14) plus `penWeight` times the binary cross-entropy of the
 * pen logits; `target` [batch, points, channels], `pens` [batch, points] of 0 and 1; every loss is a scalar.
 */
export function diffusionLoss(
  output: Denoiser,
  target: Tensor,
  pens: Tensor,
  penWeight: number,
): DiffusionLoss {
  const difference = sub(output.prediction, target);
  const coordinates = reshape(mean(mul(difference, difference)), []);
  // Cross-entropy on logits z: log(1 + e^z) - z y.
  const pen = reshape(mean(sub(softplus(output.penLogits), mul(output.penLogits, pens))), []);
  return { total: add(coordinates, mul(pen, scalar(penWeight))), coordinates, pen };
}
