import { add, exp, max, mul, sub } from "../../graph/ops/elementwise.ts";
import { concat, split } from "../../graph/ops/shape.ts";
import { reshape, sum } from "../../graph/ops/stretch.ts";
import { axisSizes } from "../../graph/shape.ts";
import { scalar, type Tensor } from "../../graph/tensor.ts";
import { linear } from "../../nn/layers.ts";
import type { Scope } from "../../nn/parameters.ts";
import { lstm } from "../../nn/recurrent.ts";
import type { SketchRnnSettings } from "./settings.ts";
import { STEP } from "./stroke5.ts";

/** How the code of each drawing is distributed: independent normal distributions, [batch, codeWidth] each. */
export interface Posterior {
  readonly mean: Tensor;
  readonly logVariance: Tensor;
}

/**
 * Of drawings [steps, batch, 5], by two LSTMs that read them forwards and backwards, half as wide as the decoder (Ha and Eck
 * 2017, eqs. 1 and 2).
 * @param next the step after each.
 */
export function encode(
  scope: Scope,
  { hidden }: SketchRnnSettings,
  codeWidth: number,
  steps: Tensor,
  next: Tensor,
): Posterior {
  const [, batch] = axisSizes("encode", steps.shape, 3);
  const size = Math.ceil(hidden / 2);
  const forwards = lstm(scope.child("forward"), steps, size);
  const backwards = lstm(scope.child("backward"), steps, size, { reverse: true });
  // The state after a drawing's last step, not after the ends that fill it up.
  const isLast = sub(endOf(next), endOf(steps));
  const last = reshape(sum(mul(forwards.outputs, isLast), [0]), [batch, size]);
  const read = concat([last, backwards.last.hidden], 1);
  return {
    mean: linear(scope.child("mean"), read, codeWidth),
    logVariance: linear(scope.child("log_variance"), read, codeWidth),
  };
}

/** 1 where the drawing has ended, [steps, batch, 1]. */
const endOf = (steps: Tensor): Tensor => split(steps, 2, [STEP - 1, 1])[1];

/** Codes as they are distributed, of standard normal noise (Kingma and Welling 2014; Ha and Eck 2017, eq. 2). */
export const codeOf = ({ mean, logVariance }: Posterior, noise: Tensor): Tensor =>
  add(mean, mul(exp(mul(logVariance, scalar(0.5))), noise));

/**
 * How far each drawing's distribution is from the standard normal one, a mean over the numbers of its code (Ha and Eck 2017,
 * eq. 10): [batch, 1].
 */
export function divergence({ mean, logVariance }: Posterior): Tensor {
  const [, size] = axisSizes("divergence", mean.shape, 2);
  const each = sub(add(mul(mean, mean), exp(logVariance)), add(logVariance, scalar(1)));
  return mul(sum(each, [1]), scalar(1 / (2 * size)));
}

/** Below the floor it costs the same: so much may be said of a drawing for nothing (eq. 11, for each drawing). */
export const floored = (divergences: Tensor, floor: number): Tensor => max(divergences, scalar(floor));
