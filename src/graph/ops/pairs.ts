import { normalizeAxis, ShapeError, showShape } from "../shape.ts";
import { defineOp, type OnnxWriter, type Tensor } from "../tensor.ts";

// Halving and doubling run as products with a small constant matrix: on ONNX Runtime's CPU faster than its pooling and
// resizing. The products are no part of the direct algorithm, so they count no multiplications.

/** [length, length / 2]: each column sums two neighbours, times `weight`. */
function pairMatrix(onnx: OnnxWriter, length: number, weight: number): string {
  const half = length / 2;
  const values = new Float32Array(length * half);
  for (let i = 0; i < length; i++) values[i * half + Math.floor(i / 2)] = weight;
  return onnx.constant(values, [length, half]);
}

const applySum = defineOp<{ weight: number }>({
  name: "sumPairs",
  infer([{ shape, dtype }]) {
    const axis = normalizeAxis("sumPairs", shape, -1);
    if (shape[axis] % 2 !== 0) throw new ShapeError(`sumPairs: the last axis of ${showShape(shape)} is odd`);
    return [{ shape: [...shape.slice(0, -1), shape[axis] / 2], dtype }];
  },
  gradient: ({ attributes: { weight } }, [g]) => [g && repeatPairs(g, weight)],
  emit(onnx, { inputs: [{ shape }], attributes: { weight } }, [x], outputs) {
    onnx.node("MatMul", [x, pairMatrix(onnx, shape[shape.length - 1], weight)], outputs);
  },
});

/** Sums of neighbouring pairs along the last axis, times `weight`; the axis' length is even. */
export const sumPairs = (x: Tensor, weight: number): Tensor => applySum([x], { weight })[0];

const applyRepeat = defineOp<{ weight: number }>({
  name: "repeatPairs",
  infer([{ shape, dtype }]) {
    const axis = normalizeAxis("repeatPairs", shape, -1);
    return [{ shape: [...shape.slice(0, -1), shape[axis] * 2], dtype }];
  },
  gradient: ({ attributes: { weight } }, [g]) => [g && sumPairs(g, weight)],
  emit(onnx, { inputs: [{ shape }], attributes: { weight } }, [x], outputs) {
    const matrix = pairMatrix(onnx, 2 * shape[shape.length - 1], weight);
    onnx.node("FusedMatMul", [x, matrix], outputs, { transB: 1 }, "com.microsoft");
  },
});

/** Every element of the last axis twice, times `weight`. */
export const repeatPairs = (x: Tensor, weight: number): Tensor => applyRepeat([x], { weight })[0];
