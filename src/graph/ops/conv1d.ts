import { hasLength } from "../../base/tuple.ts";
import { axisSizes, ShapeError, sameShape, showShape, sizeOf } from "../shape.ts";
import { type Attributes, constant, defineOp, type Tensor } from "../tensor.ts";
import { matmul } from "./matmul.ts";
import { concat, shift, transpose } from "./shape.ts";
import { reshape, sum } from "./stretch.ts";

const applyConv = defineOp<Attributes, 3>({
  name: "conv1d",
  infer([x, weight, bias]) {
    const fits =
      hasLength(x.shape, 3) &&
      hasLength(weight.shape, 3) &&
      x.shape[1] === weight.shape[1] &&
      weight.shape[2] % 2 === 1 &&
      sameShape(bias.shape, [weight.shape[0]]);
    if (!fits) {
      throw new ShapeError(
        `conv1d: x ${showShape(x.shape)}, weight ${showShape(weight.shape)}, bias ${showShape(bias.shape)} must be [batch, in, length], [out, in, odd taps], [out]`,
      );
    }
    return [{ shape: [x.shape[0], weight.shape[0], x.shape[2]], dtype: x.dtype }];
  },
  gradient({ inputs: [x, weight, bias] }, [g]) {
    if (g === undefined) return [];
    const [batch, channels, length] = axisSizes("conv1d", x.shape, 3);
    const [filters, , taps] = axisSizes("conv1d", weight.shape, 3);
    const columns = batch * length;
    const xRows = reshape(transpose(x, [1, 0, 2]), [channels, columns]);
    const gRows = transpose(g, [1, 0, 2]);
    const dBias = reshape(sum(reshape(gRows, [filters, columns]), [1]), bias.shape);
    if (taps === 1) {
      const none = constant(new Float32Array(channels), [channels]);
      const dWeight = matmul(reshape(gRows, [filters, columns]), xRows, { transB: true });
      return [conv1d(g, transpose(weight, [1, 0, 2]), none), reshape(dWeight, weight.shape), dBias];
    }
    // Both products share one matrix, the taps' shifted gradients [taps·out, B·L]; it fits the weights transposed as a
    // plain matrix, [out, in·taps] to [in, taps·out], which is far cheaper than reversing taps for a convolution.
    const half = (taps - 1) / 2;
    const shifted = Array.from({ length: taps }, (_, tap) => shift(gRows, tap - half));
    const patches = reshape(concat(shifted, 0), [taps * filters, columns]);
    const perTap = reshape(weight, [filters, channels * taps]);
    const weightRows = reshape(transpose(perTap, [1, 0]), [channels, taps * filters]);
    const dx = transpose(reshape(matmul(weightRows, patches), [channels, batch, length]), [1, 0, 2]);
    const dPerTap = reshape(matmul(xRows, patches, { transB: true }), [channels * taps, filters]);
    return [dx, reshape(transpose(dPerTap, [1, 0]), weight.shape), dBias];
  },
  emit(onnx, { inputs: [, weight] }, inputs, outputs) {
    const [, , taps] = axisSizes("conv1d", weight.shape, 3);
    const half = (taps - 1) / 2;
    onnx.node("Conv", inputs, outputs, { kernel_shape: [taps], pads: [half, half] });
  },
  flops({ inputs: [x, weight] }) {
    const [batch, , length] = axisSizes("conv1d", x.shape, 3);
    return 2 * batch * length * sizeOf(weight.shape);
  },
});

/** Convolution along the last axis that keeps its length: x [batch, in, length], weight [out, in, odd taps], bias [out]. */
export const conv1d = (x: Tensor, weight: Tensor, bias: Tensor): Tensor =>
  applyConv([x, weight, bias], {})[0];
