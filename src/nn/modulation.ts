import { add, mul } from "../graph/ops/elementwise.ts";
import { linear } from "../graph/ops/linear.ts";
import { rmsNormalize } from "../graph/ops/normalize.ts";
import { sizeAt } from "../graph/shape.ts";
import { scalar, type Tensor } from "../graph/tensor.ts";
import type { Scope } from "./parameters.ts";

const EPSILON = 1e-6;

/** Root mean square normalisation along the last axis, then x (1 + scale) + shift (Perez et al. 2018), broadcast with x. */
export const modulated = (x: Tensor, scale: Tensor, shift: Tensor): Tensor =>
  add(mul(rmsNormalize(x, EPSILON), add(scale, scalar(1))), shift);

/** A fully connected layer on [batch, in] whose weights start at 0. */
export const zeroLinear = (scope: Scope, x: Tensor, outputs: number): Tensor =>
  linear(
    x,
    scope.parameter("weight", [outputs, sizeAt("zeroLinear", x.shape, 1)], { value: 0 }),
    scope.parameter("bias", [outputs], { value: 0 }),
  );
