/**
 * The graph engine by itself: tensors, operations, gradients, ONNX. It knows nothing of sketches. `compile` of "cizgi"
 * runs its graphs.
 *
 * @module cizgi/graph
 */

// Values of a graph; `defineOp` makes new operations.

export type { Tuple } from "../base/tuple.ts";
export { type Shape, ShapeError, sizeOf } from "./shape.ts";
export {
  type Attributes,
  constant,
  type DType,
  defineOp,
  input,
  type Node,
  type NodeOf,
  type OnnxValue,
  type OnnxWriter,
  type Op,
  scalar,
  type Tensor,
  type TensorType,
} from "./tensor.ts";

// The order in which a sequence lies along its axis.

export type { Order } from "./order.ts";

// Operations.

export { accumulate, type PieceOutputs } from "./ops/accumulate.ts";
export { affine } from "./ops/affine.ts";
export { conv1d } from "./ops/conv1d.ts";
export { conv2d } from "./ops/conv2d.ts";
export { cumulativeSum } from "./ops/cumulative.ts";
export {
  add,
  cos,
  div,
  exp,
  log,
  max,
  mul,
  sigmoid,
  silu,
  sin,
  softplus,
  sqrt,
  sub,
  tanh,
  where,
} from "./ops/elementwise.ts";
export { gatherRows } from "./ops/gather.ts";
export { linear } from "./ops/linear.ts";
export { type MatmulOptions, matmul } from "./ops/matmul.ts";
export { mean } from "./ops/mean.ts";
export { normalize, rmsNormalize } from "./ops/normalize.ts";
export { type ScanBody, type Scanned, type ScanStep, scan } from "./ops/scan.ts";
export { concat, reverse, shift, split, transpose } from "./ops/shape.ts";
export { logSoftmax, logSumExp, softmax } from "./ops/softmax.ts";
export { expand, reshape, sum, sumTo } from "./ops/stretch.ts";
export { pad, slice } from "./ops/window.ts";

// Reverse-mode gradients, derived or written by hand, as tensors of the same graph.

export { type BlockGradient, gradients, pullback, withGradient } from "./gradient.ts";

// The graph as the bytes of an ONNX model.

export { type OnnxOptions, toOnnx } from "./onnx/model.ts";
