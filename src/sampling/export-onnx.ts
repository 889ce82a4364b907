import { toOnnx } from "../graph/onnx/model.ts";
import { buildNetwork } from "../models/network.ts";
import { parameterViews } from "../nn/parameters.ts";
import { type Model, networkConfigOf } from "./model.ts";

/**
 * The whole network with its weights as the bytes of an ONNX model for any number of drawings, "batch": `noisy` [batch,
 * points, channels], `times` [batch], `labels` [batch] (int64; the number of categories stands for "no class") and, where
 * it is folded in, `guidance` [batch] to `prediction` [batch, points, channels] and, where the pen has a head, `penLogits`
 * [batch, points].
 */
export function toModelOnnx({ config, weights }: Model): Uint8Array {
  const { output, parameters } = buildNetwork(networkConfigOf(config), 1);
  return toOnnx({ ...output }, { initializers: parameterViews(parameters, weights), rows: "batch" });
}
