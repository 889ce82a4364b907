import { toOnnx } from "../../graph/onnx/model.ts";
import { parameterViews } from "../../nn/parameters.ts";
import { buildNetwork, type RowSettings, type SizedNetwork } from "./network.ts";

/**
 * The whole network with its weights as the bytes of an ONNX model for any number of drawings, "batch": `noisy` [batch,
 * points, channels], `times` [batch], `labels` [batch] (int64; the number of categories stands for "no class"), with prefix
 * conditioning `known` [batch, points], where it is distilled `guidance` [batch], and for decoders of codes `code` [batch,
 * codeSize], to `prediction` [batch, points, channels] and, where the pen has a head, `penLogits` [batch, points].
 */
export function toDenoiserOnnx<S extends RowSettings>(
  sized: SizedNetwork<S>,
  weights: Float32Array,
): Uint8Array {
  const { output, parameters } = buildNetwork(sized, 1);
  return toOnnx({ ...output }, { initializers: parameterViews(parameters, weights), rows: "batch" });
}
