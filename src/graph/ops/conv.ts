import { ShapeError, sameShape, showShape, sizeOf } from "../shape.ts";
import { constant, defineOp, type Tensor } from "../tensor.ts";
import { matmul } from "./matmul.ts";
import { concat, reverse, shift, transpose } from "./shape.ts";
import { reshape, sum } from "./stretch.ts";

const applyConv = defineOp({
  name: "conv1d",
  infer([x, weight, bias]) {
    const [batch, channels, length] = x.shape;
    const [filters, inputs, taps] = weight.shape;
    const fits = x.shape.length === 3 && weight.shape.length === 3 && channels === inputs && taps % 2 === 1;
    if (!fits || !sameShape(bias.shape, [filters])) {
      throw new ShapeError(
        `conv1d: x ${showShape(x.shape)}, weight ${showShape(weight.shape)}, bias ${showShape(bias.shape)} must be [batch, in, length], [out, in, odd taps], [out]`,
      );
    }
    return [{ shape: [batch, filters, length], dtype: x.dtype }];
  },
  gradient({ inputs: [x, weight, bias] }, [g]) {
    if (g === undefined) return [];
    const [batch, channels, length] = x.shape;
    const [filters, , taps] = weight.shape;
    const dx = conv1d(
      g,
      reverse(transpose(weight, [1, 0, 2])),
      constant(new Float32Array(channels), [channels]),
    );
    // dW as one matrix product over all positions of the batch: [out, B·L] times the taps' shifted inputs [in·taps, B·L]ᵀ.
    const columns = batch * length;
    const gRows = reshape(transpose(g, [1, 0, 2]), [filters, columns]);
    const xRows = transpose(x, [1, 0, 2]);
    const half = (taps - 1) / 2;
    const shifted = Array.from({ length: taps }, (_, tap) =>
      reshape(shift(xRows, half - tap), [channels, 1, columns]),
    );
    const patches = reshape(taps === 1 ? shifted[0] : concat(shifted, 1), [channels * taps, columns]);
    const dWeight = reshape(matmul(gRows, patches, { transB: true }), weight.shape);
    return [dx, dWeight, reshape(sum(gRows, [1]), bias.shape)];
  },
  emit(onnx, { inputs: [, weight] }, inputs, outputs) {
    const half = (weight.shape[2] - 1) / 2;
    onnx.node("Conv", inputs, outputs, { kernel_shape: [weight.shape[2]], pads: [half, half] });
  },
  flops: ({ inputs: [x, weight] }) => 2 * x.shape[0] * x.shape[2] * sizeOf(weight.shape),
});

/** Convolution along the last axis that keeps its length: x [batch, in, length], weight [out, in, odd taps], bias [out]. */
export const conv1d = (x: Tensor, weight: Tensor, bias: Tensor): Tensor =>
  applyConv([x, weight, bias], {})[0];
