import { toOnnx } from "../../graph/onnx/model.ts";
import { input } from "../../graph/tensor.ts";
import { parameterViews } from "../../nn/parameters.ts";
import {
  buildContext,
  buildStroke,
  buildTime,
  contextInputs,
  parametersOf,
  type StrokeSizes,
  strokeInputs,
} from "./network.ts";

/**
 * Both networks as ONNX models: `context` from the strokes before each one, `before` [batch, strokes, numbers], and `labels`
 * [batch] to `context` [batch, strokes, contextWidth]; `stroke` from a `noisy` stroke [batch, numbers + 1], `times` [batch]
 * and its `context` [batch, contextWidth] to `prediction`.
 */
export function toStrokeOnnx(
  sizes: StrokeSizes,
  weights: Float32Array,
): Readonly<Record<string, Uint8Array>> {
  const options = { initializers: parameterViews(parametersOf(sizes), weights), rows: "batch" };
  const context = buildContext(sizes, contextInputs(sizes, 1)).output;
  const time = buildTime(sizes, input("times", [1])).output;
  const prediction = buildStroke(sizes, { ...strokeInputs(sizes, 1), time }).output;
  return { context: toOnnx({ context }, options), stroke: toOnnx({ prediction }, options) };
}
