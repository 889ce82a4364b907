import {
  broadcastShapes,
  normalizeAxis,
  type Shape,
  ShapeError,
  sameShape,
  showShape,
  sizeOf,
} from "../shape.ts";
import { defineOp, int64Vector, type Tensor } from "../tensor.ts";

// reshape, expand and sum stand in one file because each is part of another's gradient.

const applyReshape = defineOp<{ shape: Shape }>({
  name: "reshape",
  infer([x], { shape }) {
    if (sizeOf(shape) !== sizeOf(x.shape)) {
      throw new ShapeError(
        `reshape: ${showShape(x.shape)} has ${sizeOf(x.shape)} elements, ${showShape(shape)} has ${sizeOf(shape)}`,
      );
    }
    return [{ shape, dtype: x.dtype }];
  },
  gradient: ({ inputs: [x] }, [gradient]) => [gradient && reshape(gradient, x.shape)],
  emit: (onnx, { attributes: { shape } }, [x], outputs) =>
    onnx.node("Reshape", [x, int64Vector(onnx, shape)], outputs),
});

/** The same elements in the same order under another shape. */
export const reshape = (x: Tensor, shape: Shape): Tensor =>
  sameShape(x.shape, shape) ? x : applyReshape([x], { shape })[0];

const applyExpand = defineOp<{ shape: Shape }>({
  name: "expand",
  infer([x], { shape }) {
    if (!sameShape(broadcastShapes("expand", x.shape, shape), shape)) {
      throw new ShapeError(`expand: ${showShape(x.shape)} cannot be stretched to ${showShape(shape)}`);
    }
    return [{ shape, dtype: x.dtype }];
  },
  gradient: ({ inputs: [x] }, [gradient]) => [gradient && sumTo(gradient, x.shape)],
  emit: (onnx, { attributes: { shape } }, [x], outputs) =>
    onnx.node("Expand", [x, int64Vector(onnx, shape)], outputs),
});

/** Stretches axes of size 1 (and missing leading axes) to `shape`. */
export const expand = (x: Tensor, shape: Shape): Tensor =>
  sameShape(x.shape, shape) ? x : applyExpand([x], { shape })[0];

const applySum = defineOp<{ axes: readonly number[] }>({
  name: "sum",
  infer: ([x], { axes }) => [{ shape: x.shape.map((n, i) => (axes.includes(i) ? 1 : n)), dtype: x.dtype }],
  gradient: ({ inputs: [x] }, [gradient]) => [gradient && expand(gradient, x.shape)],
  emit(onnx, { attributes: { axes } }, [x], outputs) {
    onnx.node("ReduceSum", [x, int64Vector(onnx, axes)], outputs, { keepdims: 1 });
  },
});

/** Sum over `axes` (all of them when left out); the summed axes stay with size 1. */
export function sum(x: Tensor, axes: readonly number[] = x.shape.map((_, i) => i)): Tensor {
  // No axes at all would mean every axis to ONNX.
  if (axes.length === 0) return x;
  return applySum([x], { axes: axes.map((axis) => normalizeAxis("sum", x.shape, axis)) })[0];
}

/** Sums over the axes along which `shape` was stretched to that of `x`: the gradient of broadcasting. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  if (!sameShape(broadcastShapes("sumTo", x.shape, shape), x.shape)) {
    throw new ShapeError(`sumTo: ${showShape(shape)} cannot be stretched to ${showShape(x.shape)}`);
  }
  const missing = x.shape.length - shape.length;
  const axes = x.shape.flatMap((n, i) => (i < missing || (shape[i - missing] === 1 && n !== 1) ? [i] : []));
  return reshape(sum(x, axes), shape);
}
