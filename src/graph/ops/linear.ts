import { hasLength } from "../../base/tuple.ts";
import { ShapeError, sameShape, showShape, sizeAt, sizeOf } from "../shape.ts";
import { type Attributes, defineOp, type Tensor } from "../tensor.ts";
import { matmul } from "./matmul.ts";
import { reshape, sum } from "./stretch.ts";

const applyLinear = defineOp<Attributes, 3>({
  name: "linear",
  infer([x, weight, bias]) {
    const fits =
      hasLength(x.shape, 2) &&
      hasLength(weight.shape, 2) &&
      x.shape[1] === weight.shape[1] &&
      sameShape(bias.shape, [weight.shape[0]]);
    if (!fits) {
      throw new ShapeError(
        `linear: x ${showShape(x.shape)}, weight ${showShape(weight.shape)}, bias ${showShape(bias.shape)} must be [batch, in], [out, in], [out]`,
      );
    }
    return [{ shape: [x.shape[0], weight.shape[0]], dtype: x.dtype }];
  },
  gradient({ inputs: [x, weight, bias] }, [g]) {
    if (g === undefined) return [];
    return [matmul(g, weight), matmul(g, x, { transA: true }), reshape(sum(g, [0]), bias.shape)];
  },
  emit: (onnx, _, inputs, outputs) => onnx.node("Gemm", inputs, outputs, { transB: 1 }),
  flops: ({ inputs: [x, weight] }) => 2 * sizeAt("linear", x.shape, 0) * sizeOf(weight.shape),
});

/** x Wᵀ + b for x [batch, in], weight [out, in], bias [out]. */
export const linear = (x: Tensor, weight: Tensor, bias: Tensor): Tensor =>
  applyLinear([x, weight, bias], {})[0];
