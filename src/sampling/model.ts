import { type ModelConfig, parseModelConfig } from "../config/model.ts";
import { buildNetwork, type NetworkConfig } from "../models/network.ts";
import type { Parameter } from "../nn/parameters.ts";
import { decodeWeights } from "../weights/decode.ts";
import { joinTensors } from "../weights/tensors.ts";

/** A trained network, ready to draw. */
export interface Model {
  readonly config: ModelConfig;
  /** All weights, in the order of the network's parameters. */
  readonly weights: Float32Array;
}

/** The network that a model's configuration describes. */
export const networkConfigOf = (config: ModelConfig): NetworkConfig => ({
  ...config,
  classes: config.categories.length,
});

/** The network's parameters in order; they do not depend on the batch. */
export const parametersOf = (config: NetworkConfig): readonly Parameter[] =>
  buildNetwork(config, 1).parameters;

/**
 * A model from the bytes of its safetensors file.
 * @param name the file's name, for errors.
 * @throws UserError naming the file when it is damaged, newer than this version or not such a model.
 */
export function decodeModel(bytes: Uint8Array, name: string): Model {
  const { tensors, config: found } = decodeWeights(bytes, "model", name);
  const config = parseModelConfig(found, `${name} (config)`);
  return { config, weights: joinTensors(tensors, "", parametersOf(networkConfigOf(config)), name) };
}
