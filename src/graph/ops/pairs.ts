import { type Order, placeOf } from "../order.ts";
import { ShapeError, showShape, sizeAt } from "../shape.ts";
import { defineOp, type OnnxWriter, type Tensor } from "../tensor.ts";

type Attributes = { weight: number; order: Order };

// Halving and doubling run as products with a small constant matrix: on ONNX Runtime's CPU faster than its pooling and
// resizing. The products are no part of the direct algorithm, so they count no multiplications.

/** [length, length / 2]: each column sums two neighbours, times `weight`. */
function pairMatrix(onnx: OnnxWriter, length: number, { weight, order }: Attributes): string {
  const half = length / 2;
  const values = new Float32Array(length * half);
  for (let i = 0; i < length; i++)
    values[placeOf(order, i, length) * half + placeOf(order, Math.floor(i / 2), half)] = weight;
  return onnx.constant(values, [length, half]);
}

const applySum = defineOp<Attributes>({
  name: "sumPairs",
  infer([{ shape, dtype }]) {
    const length = sizeAt("sumPairs", shape, -1);
    if (length % 2 !== 0) throw new ShapeError(`sumPairs: the last axis of ${showShape(shape)} is odd`);
    return [{ shape: [...shape.slice(0, -1), length / 2], dtype }];
  },
  gradient: ({ attributes: { weight, order } }, [g]) => [g && repeatPairs(g, weight, order)],
  emit(onnx, { inputs: [{ shape }], attributes }, [x], outputs) {
    onnx.node("MatMul", [x, pairMatrix(onnx, sizeAt("sumPairs", shape, -1), attributes)], outputs);
  },
});

/** Sums of neighbouring pairs along the last axis, times `weight`; the axis' length is even. */
export const sumPairs = (x: Tensor, weight: number, order: Order = "natural"): Tensor =>
  applySum([x], { weight, order })[0];

const applyRepeat = defineOp<Attributes>({
  name: "repeatPairs",
  infer([{ shape, dtype }]) {
    return [{ shape: [...shape.slice(0, -1), sizeAt("repeatPairs", shape, -1) * 2], dtype }];
  },
  gradient: ({ attributes: { weight, order } }, [g]) => [g && sumPairs(g, weight, order)],
  emit(onnx, { inputs: [{ shape }], attributes }, [x], outputs) {
    const matrix = pairMatrix(onnx, 2 * sizeAt("repeatPairs", shape, -1), attributes);
    onnx.node("FusedMatMul", [x, matrix], outputs, { transB: 1 }, "com.microsoft");
  },
});

/** Every element of the last axis twice, times `weight`. */
export const repeatPairs = (x: Tensor, weight: number, order: Order = "natural"): Tensor =>
  applyRepeat([x], { weight, order })[0];
