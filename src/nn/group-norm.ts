import { withGradient } from "../graph/gradient.ts";
import { affine } from "../graph/ops/affine.ts";
import { add, mul, silu, siluSlope, sub } from "../graph/ops/elementwise.ts";
import { normalize } from "../graph/ops/normalize.ts";
import { reshape, sum, sumTo } from "../graph/ops/stretch.ts";
import { axisSizes, ShapeError, showShape, sizeAt } from "../graph/shape.ts";
import { scalar, type Tensor } from "../graph/tensor.ts";
import type { Scope } from "./parameters.ts";

/** Scale and shift per channel: [1, channels, 1] for all drawings or [batch, channels, 1] for each. */
export interface Affine {
  readonly scale: Tensor;
  readonly shift: Tensor;
}

/** The learned scale (starts at 1) and shift (starts at 0) of a normalisation, each [1, channels, 1]. */
export const normAffine = (scope: Scope, channels: number): Affine => ({
  scale: reshape(scope.parameter("weight", [channels], { value: 1 }), [1, channels, 1]),
  shift: reshape(scope.parameter("bias", [channels], { value: 0 }), [1, channels, 1]),
});

/** Two affine maps, one after the other, as one: (x a + b) c + d = x (a c) + (b c + d). */
export const followedBy = (first: Affine, second: Affine): Affine => ({
  scale: mul(first.scale, second.scale),
  shift: add(mul(first.shift, second.scale), second.shift),
});

const EPSILON = 1e-5;

/**
 * Group normalisation (Wu and He 2018) of x [batch, channels, length], then scale and shift, then SiLU if `activate`.
 *
 * The gradient is written by hand: the sums it needs are the gradients of scale and shift, so that it takes half the
 * passes over memory that the derived one would.
 */
export function groupNorm(x: Tensor, groups: number, { scale, shift }: Affine, activate: boolean): Tensor {
  const [batch, channels, length] = axisSizes("groupNorm", x.shape, 3);
  if (channels % groups !== 0) {
    throw new ShapeError(`groupNorm: ${groups} groups do not divide the channels of ${showShape(x.shape)}`);
  }
  const perGroup = channels / groups;
  const [grouped, , inverseStd] = normalize(reshape(x, [batch, groups, perGroup * length]), EPSILON);
  const normalized = reshape(grouped, x.shape);
  const z = affine(normalized, scale, shift);
  const y = activate ? silu(z) : z;
  /** A value per channel as [batch or 1, groups, channels of the group]. */
  const byGroup = (perChannel: Tensor) =>
    reshape(perChannel, [sizeAt("groupNorm", perChannel.shape, 0), groups, perGroup]);

  return withGradient(y, [x, scale, shift], (g) => {
    const dz = activate ? mul(g, siluSlope(z, y)) : g;
    const dScale = sum(mul(dz, normalized), [2]);
    const dShift = sum(dz, [2]);
    // dx = (dn - mean(dn) - n mean(dn n)) / std with dn = dz scale and means over a group (Ba et al. 2016).
    const groupMean = (perChannel: Tensor) =>
      mul(sum(byGroup(mul(perChannel, scale)), [2]), mul(inverseStd, scalar(1 / (perGroup * length))));
    const own = mul(dz, reshape(mul(byGroup(scale), inverseStd), [batch, channels, 1]));
    const correction = affine(grouped, groupMean(dScale), groupMean(dShift));
    return [sub(own, reshape(correction, x.shape)), sumTo(dScale, scale.shape), sumTo(dShift, shift.shape)];
  });
}
