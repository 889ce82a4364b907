import { normalizeAxis, sizeAt } from "../shape.ts";
import { defineOp, scalar, type Tensor } from "../tensor.ts";
import { add, div, mul, sqrt, sub } from "./elementwise.ts";
import { mean } from "./mean.ts";

const applyNormalize = defineOp<{ epsilon: number }, 1, 3>({
  name: "normalize",
  infer([x]) {
    normalizeAxis("normalize", x.shape, -1);
    const statistic = { shape: [...x.shape.slice(0, -1), 1], dtype: x.dtype };
    return [{ shape: x.shape, dtype: x.dtype }, statistic, statistic];
  },
  gradient({ outputs: [y, , inverseStd] }, [g, gMean, gInverseStd]) {
    if (gMean !== undefined || gInverseStd !== undefined) {
      throw new Error("normalize: only the normalised values have a gradient, not the statistics");
    }
    // Ba, Kiros and Hinton 2016: dx = (g - mean(g) - y mean(g y)) / std.
    return [g && mul(inverseStd, sub(sub(g, mean(g, [-1])), mul(y, mean(mul(g, y), [-1]))))];
  },
  emit(onnx, { inputs: [{ shape }], attributes: { epsilon } }, [x], outputs) {
    const size = sizeAt("normalize", shape, -1);
    const scale = onnx.constant(new Float32Array(size).fill(1), [size]);
    onnx.node("LayerNormalization", [x, scale], outputs, { axis: -1, epsilon: { float: epsilon } });
  },
});

/**
 * (x - mean) / sqrt(variance + epsilon) along the last axis, with biased variance.
 * Gives the normalised values, the means and 1 / sqrt(variance + epsilon), the latter two with a last axis of size 1.
 */
export const normalize = (x: Tensor, epsilon: number): readonly [Tensor, Tensor, Tensor] =>
  applyNormalize([x], { epsilon });

const applyRootMeanSquare = defineOp<{ epsilon: number }>({
  name: "rmsNormalize",
  infer([x]) {
    normalizeAxis("rmsNormalize", x.shape, -1);
    return [{ shape: x.shape, dtype: x.dtype }];
  },
  gradient({ inputs: [x], outputs: [y], attributes: { epsilon } }, [g]) {
    if (g === undefined) return [];
    // As normalize's, without the mean: dx = (g - y mean(g y)) / rms. The node's second output, 1 / rms, would save two
    // passes over x, but WebGPU writes a mean in its place.
    const rms = sqrt(add(mean(mul(x, x), [-1]), scalar(epsilon)));
    return [div(sub(g, mul(y, mean(mul(g, y), [-1]))), rms)];
  },
  emit(onnx, { inputs: [{ shape }], attributes: { epsilon } }, [x], outputs) {
    const size = sizeAt("rmsNormalize", shape, -1);
    const scale = onnx.constant(new Float32Array(size).fill(1), [size]);
    onnx.node("SimplifiedLayerNormalization", [x, scale], outputs, {
      axis: -1,
      epsilon: { float: epsilon },
    });
  },
});

/** x / sqrt(mean(x²) + epsilon) along the last axis (Zhang and Sennrich 2019). */
export const rmsNormalize = (x: Tensor, epsilon: number): Tensor => applyRootMeanSquare([x], { epsilon })[0];
