import { axisSizes, ShapeError, sameShape, showShape } from "../shape.ts";
import { defineOp, type Tensor } from "../tensor.ts";

const swap = (shape: readonly number[], yes: number): readonly [number, number] => {
  const [rows, columns] = axisSizes("matmul", shape.slice(-2), 2);
  return yes ? [columns, rows] : [rows, columns];
};

type Attributes = { transA: number; transB: number; alpha: number; work: number };

const applyMatmul = defineOp<Attributes, 2>({
  name: "matmul",
  infer([a, b], { transA, transB }) {
    const leading = a.shape.slice(0, -2);
    if (a.shape.length < 2 || b.shape.length < 2 || !sameShape(leading, b.shape.slice(0, -2))) {
      throw new ShapeError(
        `matmul: ${showShape(a.shape)} times ${showShape(b.shape)}: both need two axes behind equal leading ones`,
      );
    }
    const [m, k] = swap(a.shape, transA);
    const [k2, n] = swap(b.shape, transB);
    if (k !== k2) {
      const show = (shape: readonly number[], yes: number) => showShape(shape) + (yes ? " transposed" : "");
      throw new ShapeError(
        `matmul: ${show(a.shape, transA)} times ${show(b.shape, transB)}: the inner sizes ${k} and ${k2} differ`,
      );
    }
    return [{ shape: [...leading, m, n], dtype: a.dtype }];
  },
  gradient({ inputs: [a, b], attributes: { transA, transB, alpha, work } }, [g]) {
    if (g === undefined) return [];
    // C = a A B: dA = a dC Bᵀ and dB = a Aᵀ dC, each transposed as its operand was.
    const da = transA
      ? matmul(b, g, { transA: !!transB, transB: true, alpha, work })
      : matmul(g, b, { transB: !transB, alpha, work });
    const db = transB
      ? matmul(g, a, { transA: true, transB: !!transA, alpha, work })
      : matmul(a, g, { transA: !transA, alpha, work });
    return [da, db];
  },
  emit(onnx, { inputs: [a], attributes }, inputs, outputs) {
    const { transA, transB, alpha } = attributes;
    const spelled = { transA, transB, alpha: { float: alpha } };
    if (a.shape.length === 2) onnx.node("Gemm", inputs, outputs, spelled);
    else onnx.node("FusedMatMul", inputs, outputs, spelled, "com.microsoft");
  },
  flops: ({ inputs: [a], outputs: [c], attributes: { transA, work } }) =>
    2 * work * c.shape.reduce((x, y) => x * y, 1) * swap(a.shape, transA)[1],
});

/** Which operands are transposed, and a factor. */
export interface MatmulOptions {
  transA?: boolean;
  transB?: boolean;
  alpha?: number;
  /** Multiplications of the direct algorithm that each of its own stands for; 1 unless told. */
  work?: number;
}

/** alpha · A B over the last two axes, each operand transposed on request; leading axes are equal. */
export function matmul(
  a: Tensor,
  b: Tensor,
  { transA = false, transB = false, alpha = 1, work = 1 }: MatmulOptions = {},
): Tensor {
  return applyMatmul([a, b], { transA: Number(transA), transB: Number(transB), alpha, work })[0];
}
