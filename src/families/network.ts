import { UserError } from "../base/errors.ts";
import type { AnyModelConfig } from "./family.ts";
import { checkModel } from "./model.ts";
import { familyOf, type Model } from "./registry.ts";

/**
 * A model as the bytes of an ONNX model for any number of drawings, "batch"; what it is fed and what it gives is in
 * docs/export.md.
 * @throws UserError for families that cannot be exported.
 */
export function toModelOnnx(model: Model): Uint8Array {
  checkModel(model);
  const { exportOnnx, name } = familyOf(model.config);
  if (exportOnnx === undefined)
    throw new UserError(`models of the family ${name} cannot be exported to ONNX.`);
  return exportOnnx(model);
}

/**
 * The network of a model or a run as a graph, to look into or to sample by hand.
 * @param of its settings and its categories.
 * @throws UserError for families of which there is no such graph.
 */
export function buildNetwork(of: Pick<AnyModelConfig, "network" | "categories">, batch: number) {
  const { buildNetwork: build, name } = familyOf(of);
  if (build === undefined) throw new UserError(`a model of the family ${name} is no single graph.`);
  return build(of, batch);
}
