import { hasLength } from "../../base/tuple.ts";
import { axisSizes, ShapeError, sameShape, showShape, sizeOf } from "../shape.ts";
import { type Attributes, defineOp, type Tensor } from "../tensor.ts";
import { mul } from "./elementwise.ts";
import { sum, sumTo } from "./stretch.ts";

const applyAffine = defineOp<Attributes, 3>({
  name: "affine",
  infer([x, scale, shift]) {
    const fits =
      hasLength(x.shape, 3) &&
      hasLength(scale.shape, 3) &&
      [1, x.shape[0]].includes(scale.shape[0]) &&
      sameShape(scale.shape.slice(1), [x.shape[1], 1]) &&
      sameShape(scale.shape, shift.shape);
    if (!fits) {
      throw new ShapeError(
        `affine: x ${showShape(x.shape)}, scale ${showShape(scale.shape)}, shift ${showShape(shift.shape)} must be [batch, rows, length], [batch or 1, rows, 1] and the same`,
      );
    }
    return [x];
  },
  gradient({ inputs: [x, scale, shift] }, [g]) {
    if (g === undefined) return [];
    return [mul(g, scale), sumTo(sum(mul(g, x), [2]), scale.shape), sumTo(sum(g, [2]), shift.shape)];
  },
  // Batch normalisation with mean 0 and variance 1 is the one operator that does this in one pass over memory.
  emit(onnx, { inputs: [{ shape }, scale] }, [x, scaleName, shiftName], [y]) {
    const [batch, rows, length] = axisSizes("affine", shape, 3);
    const channels = sizeOf(scale.shape);
    const dims = (...sizes: number[]) => onnx.constant(BigInt64Array.from(sizes, BigInt), [sizes.length]);
    const reshaped = (name: string, ...sizes: number[]) => {
      const to = onnx.name();
      onnx.node("Reshape", [name, dims(...sizes)], [to]);
      return to;
    };
    const filled = (value: number) => onnx.constant(new Float32Array(channels).fill(value), [channels]);
    const [zeros, ones] = [filled(0), filled(1)];
    const one = scale.shape[0] === 1;
    const to = one ? y : onnx.name();
    onnx.node(
      "BatchNormalization",
      [
        one ? x : reshaped(x, 1, batch * rows, length),
        reshaped(scaleName, channels),
        reshaped(shiftName, channels),
        zeros,
        ones,
      ],
      [to],
      { epsilon: { float: 0 } },
    );
    if (!one) onnx.node("Reshape", [to, dims(...shape)], [y]);
  },
});

/** x · scale + shift for x [batch, rows, length], scale and shift [batch or 1, rows, 1]. */
export const affine = (x: Tensor, scale: Tensor, shift: Tensor): Tensor =>
  applyAffine([x, scale, shift], {})[0];
