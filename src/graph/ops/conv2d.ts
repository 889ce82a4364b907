import { hasLength } from "../../base/tuple.ts";
import { axisSizes, ShapeError, sameShape, showShape, sizeOf } from "../shape.ts";
import { type Attributes, defineOp, type Tensor } from "../tensor.ts";
import { matmul } from "./matmul.ts";
import { concat, transpose } from "./shape.ts";
import { reshape, sum } from "./stretch.ts";
import { pad, slice } from "./window.ts";

const applyConv = defineOp<Attributes, 3>({
  name: "conv2d",
  infer([x, weight, bias]) {
    const fits =
      hasLength(x.shape, 4) &&
      hasLength(weight.shape, 4) &&
      x.shape[1] === weight.shape[1] &&
      weight.shape[2] === weight.shape[3] &&
      weight.shape[2] % 2 === 1 &&
      sameShape(bias.shape, [weight.shape[0]]);
    if (!fits) {
      throw new ShapeError(
        `conv2d: x ${showShape(x.shape)}, weight ${showShape(weight.shape)}, bias ${showShape(bias.shape)} must be [batch, in, height, width], [out, in, odd taps, the same], [out]`,
      );
    }
    const [batch, , height, width] = x.shape;
    return [{ shape: [batch, weight.shape[0], height, width], dtype: x.dtype }];
  },
  gradient({ inputs: [x, weight, bias] }, [g]) {
    if (g === undefined) return [];
    const [batch, channels, height, width] = axisSizes("conv2d", x.shape, 4);
    const [filters, , taps] = axisSizes("conv2d", weight.shape, 4);
    // As conv1d's: one matrix of the taps' shifted gradients, [taps²·out, B·H·W], serves both products.
    const pixels = batch * height * width;
    const half = (taps - 1) / 2;
    const xRows = reshape(transpose(x, [1, 0, 2, 3]), [channels, pixels]);
    const gRows = transpose(g, [1, 0, 2, 3]);
    const padded = pad(gRows, [0, 0, half, half], [0, 0, half, half]);
    const shifted = Array.from({ length: taps * taps }, (_, tap) =>
      // A tap that looks up and left sends its gradient down and right.
      slice(padded, [0, 0, taps - 1 - Math.floor(tap / taps), taps - 1 - (tap % taps)], gRows.shape),
    );
    const patches = reshape(concat(shifted, 0), [taps * taps * filters, pixels]);
    const perTap = reshape(weight, [filters, channels * taps * taps]);
    const weightRows = reshape(transpose(perTap, [1, 0]), [channels, taps * taps * filters]);
    const dxRows = reshape(matmul(weightRows, patches), [channels, batch, height, width]);
    const dPerTap = reshape(matmul(xRows, patches, { transB: true }), [channels * taps * taps, filters]);
    const dBias = sum(reshape(gRows, [filters, pixels]), [1]);
    return [
      transpose(dxRows, [1, 0, 2, 3]),
      reshape(transpose(dPerTap, [1, 0]), weight.shape),
      reshape(dBias, bias.shape),
    ];
  },
  emit(onnx, { inputs: [, weight] }, inputs, outputs) {
    const [, , taps] = axisSizes("conv2d", weight.shape, 4);
    const half = (taps - 1) / 2;
    onnx.node("Conv", inputs, outputs, { kernel_shape: [taps, taps], pads: [half, half, half, half] });
  },
  flops({ inputs: [x, weight] }) {
    const [batch, , height, width] = axisSizes("conv2d", x.shape, 4);
    return 2 * batch * height * width * sizeOf(weight.shape);
  },
});

/**
 * Convolution of pictures that keeps their size: x [batch, in, height, width], weight [out, in, odd taps, the same],
 * bias [out].
 */
export const conv2d = (x: Tensor, weight: Tensor, bias: Tensor): Tensor =>
  applyConv([x, weight, bias], {})[0];
