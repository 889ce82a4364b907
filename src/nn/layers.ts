import { conv1d as convolve } from "../graph/ops/conv1d.ts";
import { conv2d as convolvePictures } from "../graph/ops/conv2d.ts";
import { gatherRows } from "../graph/ops/gather.ts";
import { linear as affine } from "../graph/ops/linear.ts";
import { tiledConv1d } from "../graph/ops/winograd.ts";
import type { Order } from "../graph/order.ts";
import { sizeAt } from "../graph/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Scope } from "./parameters.ts";

/** Fully connected layer on [batch, in]; initial values uniform in ±1/√in, as PyTorch's. */
export function linear(scope: Scope, x: Tensor, outputs: number): Tensor {
  const inputs = sizeAt("linear", x.shape, 1);
  const uniform = 1 / Math.sqrt(inputs);
  const weight = scope.parameter("weight", [outputs, inputs], { uniform });
  return affine(x, weight, scope.parameter("bias", [outputs], { uniform }));
}

/**
 * Length-keeping convolution on [batch, in, length]; initial values uniform in ±1/√(in·taps), as PyTorch's.
 * In tiles there are three taps or one.
 */
export function conv1d(
  scope: Scope,
  x: Tensor,
  outputs: number,
  taps: number,
  order: Order = "natural",
): Tensor {
  const inputs = sizeAt("conv1d", x.shape, 1);
  const uniform = 1 / Math.sqrt(inputs * taps);
  const weight = scope.parameter("weight", [outputs, inputs, taps], { uniform });
  const bias = scope.parameter("bias", [outputs], { uniform });
  return order === "tiles" && taps > 1 ? tiledConv1d(x, weight, bias) : convolve(x, weight, bias);
}

/** Size-keeping convolution on [batch, in, height, width]; initial values uniform in ±1/√(in·taps²), as PyTorch's. */
export function conv2d(scope: Scope, x: Tensor, outputs: number, taps: number): Tensor {
  const inputs = sizeAt("conv2d", x.shape, 1);
  const uniform = 1 / (Math.sqrt(inputs) * taps);
  const weight = scope.parameter("weight", [outputs, inputs, taps, taps], { uniform });
  return convolvePictures(x, weight, scope.parameter("bias", [outputs], { uniform }));
}

/** Rows of a learned table [rows, size] for int64 indices [n]: [n, size]; initial values standard normal. */
export const embedding = (scope: Scope, indices: Tensor, rows: number, size: number): Tensor =>
  gatherRows(scope.parameter("weight", [rows, size], { normal: 1 }), indices);
