import { UserError } from "../base/errors.ts";
import type { AnyModelConfig } from "./family.ts";
import { checkModel } from "./model.ts";
import { familyOf, type Model } from "./registry.ts";

/**
 * The networks that a model draws with, by name, as the bytes of ONNX models for any number of drawings, "batch": one
 * called "model" for denoisers of points, several for other families. What they are fed and what they give is in
 * docs/export.md.
 * @throws UserError for weights of another network.
 */
export function toModelOnnx(model: Model): Readonly<Record<string, Uint8Array>> {
  checkModel(model);
  return familyOf(model.config).exportOnnx(model);
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
