import { toOnnx } from "../graph/onnx/model.ts";
import { buildNetwork } from "../models/network.ts";
import { parameterViews } from "../nn/parameters.ts";
import { checkModel, type Model, networkConfigOf } from "./model.ts";

/**
 * The whole network with its weights as the bytes of an ONNX model for any number of drawings, "batch": `noisy` [batch,
 * points, channels], `times` [batch], `labels` [batch] (int64; the number of categories stands for "no class") and, where
 * it is folded in, `guidance` [batch] to `prediction` [batch, points, channels] and, where the pen has a head, `penLogits`
 * [batch, points].
 */
export function toModelOnnx(model: Model): Uint8Array {
  checkModel(model);
  const { config, weights } = model;
  const { output, parameters } = buildNetwork(networkConfigOf(config), 1);
  return toOnnx({ ...output }, { initializers: parameterViews(parameters, weights), rows: "batch" });
}
