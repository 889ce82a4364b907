import { ShapeError, sameShape, showShape, sizeOf } from "../shape.ts";
import { defineOp, type Tensor } from "../tensor.ts";
import { matmul } from "./matmul.ts";
import { reshape, sum } from "./stretch.ts";

const applyLinear = defineOp({
  name: "linear",
  infer([x, weight, bias]) {
    const [outputs, inputs] = weight.shape;
    const fits = x.shape.length === 2 && weight.shape.length === 2 && x.shape[1] === inputs;
    if (!fits || !sameShape(bias.shape, [outputs])) {
      throw new ShapeError(
        `linear: x ${showShape(x.shape)}, weight ${showShape(weight.shape)}, bias ${showShape(bias.shape)} must be [batch, in], [out, in], [out]`,
      );
    }
    return [{ shape: [x.shape[0], outputs], dtype: x.dtype }];
  },
  gradient({ inputs: [x, weight, bias] }, [g]) {
    if (g === undefined) return [];
    return [matmul(g, weight), matmul(g, x, { transA: true }), reshape(sum(g, [0]), bias.shape)];
  },
  emit: (onnx, _, inputs, outputs) => onnx.node("Gemm", inputs, outputs, { transB: 1 }),
  flops: ({ inputs: [x, weight] }) => 2 * x.shape[0] * sizeOf(weight.shape),
});

/** x Wᵀ + b for x [batch, in], weight [out, in], bias [out]. */
export const linear = (x: Tensor, weight: Tensor, bias: Tensor): Tensor =>
  applyLinear([x, weight, bias], {})[0];
