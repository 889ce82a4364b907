import { UserError } from "../base/errors.ts";
import { type ModelConfig, parseModelConfig } from "../config/model.ts";
import { buildNetwork, type NetworkConfig } from "../models/network.ts";
import { type Parameter, parameterCount } from "../nn/parameters.ts";
import { decodeWeights } from "../weights/decode.ts";
import { MOST_BYTES, refuseTooLarge } from "../weights/limit.ts";
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
 * Checks a model that no file was checked for.
 * @throws UserError for a configuration that is none, and for weights of another network.
 */
export function checkModel({ config, weights }: Model): void {
  parseModelConfig(config, "the model (config)");
  const count = parameterCount(parametersOf(networkConfigOf(config)));
  if (weights.length !== count)
    throw new UserError(`the model: expected ${count} weights for its config, found ${weights.length}.`);
}

/** What a model's file may ask for. */
export interface ModelLimits {
  /** Bytes of memory; 2^31 unless told. */
  readonly mostBytes?: number;
}

/**
 * The least that a model takes to draw one drawing, in bytes: the second convolutions of its blocks, one attention's weights
 * at half the points, the values of one layer, and its steps' conditions.
 */
function leastBytes({ baseChannels, attentionHeads, points, samplingSteps }: ModelConfig): number {
  const convolutions = 201 * baseChannels ** 2;
  const attention = attentionHeads * (points / 2) ** 2;
  const conditions = 46 * baseChannels * samplingSteps;
  return Float32Array.BYTES_PER_ELEMENT * (convolutions + attention + baseChannels * points + conditions);
}

/**
 * A model from the bytes of its safetensors file.
 * @param name the file's name, for errors.
 * @throws UserError naming the file when it is damaged, newer than this version, not such a model or asks for too much.
 */
export function decodeModel(
  bytes: Uint8Array,
  name: string,
  { mostBytes = MOST_BYTES }: ModelLimits = {},
): Model {
  const { tensors, config: found } = decodeWeights(bytes, "model", name);
  const config = parseModelConfig(found, `${name} (config)`);
  const { baseChannels, points, samplingSteps } = config;
  refuseTooLarge(
    name,
    `baseChannels ${baseChannels}, points ${points} and samplingSteps ${samplingSteps}`,
    leastBytes(config),
    mostBytes,
  );
  return { config, weights: joinTensors(tensors, "", parametersOf(networkConfigOf(config)), name) };
}
