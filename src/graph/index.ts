// The graph engine by itself: tensors, operations, gradients, ONNX. It knows nothing of sketches.

// Values of a graph; `defineOp` makes new operations.

export { type Shape, ShapeError, sizeOf } from "./shape.ts";
export { constant, defineOp, input, type Op, scalar, type Tensor, type TensorType } from "./tensor.ts";

// Operations.

export { accumulate, type PieceOutputs } from "./ops/accumulate.ts";
export { affine } from "./ops/affine.ts";
export { conv1d } from "./ops/conv1d.ts";
export { conv2d } from "./ops/conv2d.ts";
export { add, cos, div, mul, sigmoid, silu, sin, softplus, sub } from "./ops/elementwise.ts";
export { gatherRows } from "./ops/gather.ts";
export { linear } from "./ops/linear.ts";
export { matmul } from "./ops/matmul.ts";
export { mean } from "./ops/mean.ts";
export { normalize } from "./ops/normalize.ts";
export { concat, reverse, shift, split, transpose } from "./ops/shape.ts";
export { logSoftmax, softmax } from "./ops/softmax.ts";
export { expand, reshape, sum, sumTo } from "./ops/stretch.ts";
export { pad, slice } from "./ops/window.ts";

// Reverse-mode gradients, derived or written by hand, as tensors of the same graph.

export { gradients, pullback, withGradient } from "./gradient.ts";

// The graph as the bytes of an ONNX model.

export { toOnnx } from "./onnx/model.ts";
