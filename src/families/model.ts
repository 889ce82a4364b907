import { z } from "zod";
import { UserError } from "../base/errors.ts";
import { parameterCount } from "../nn/parameters.ts";
import { decodeWeights } from "../weights/decode.ts";
import { MOST_BYTES, refuseTooLarge } from "../weights/limit.ts";
import { joinTensors } from "../weights/tensors.ts";
import { MODEL_FORMAT } from "./family.ts";
import { fromFormat1 } from "./format1.ts";
import { familyOf, type Model, type ModelConfig, parseModelConfig } from "./registry.ts";

/**
 * Checks a model that no file was checked for.
 * @throws UserError for a configuration that is none, and for weights of another network.
 */
export function checkModel({ config, weights, guide = weights }: Model): void {
  parseModelConfig(config, "the model (config)");
  const count = parameterCount(familyOf(config).parameters(config));
  for (const { length } of [weights, guide])
    if (length !== count)
      throw new UserError(`the model: expected ${count} weights for its config, found ${length}.`);
}

/** What a model's file may ask for. */
export interface ModelLimits {
  /** Bytes of memory; 2^31 unless told. */
  readonly mostBytes?: number;
}

const formatSchema = z.looseObject({ format: z.number() });

/**
 * A model's configuration of this or an older format.
 * @param name what it comes from, for errors.
 */
export function readModelConfig(value: unknown, name: string): ModelConfig {
  const { format = Number.NaN } = formatSchema.safeParse(value).data ?? {};
  if (format > MODEL_FORMAT)
    throw new UserError(
      `${name}: written by a newer cizgi (format ${format}, this one reads up to ${MODEL_FORMAT}); update cizgi to use it.`,
    );
  return parseModelConfig(format === 1 ? fromFormat1(value) : value, name);
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
  const config = readModelConfig(found, `${name} (config)`);
  const family = familyOf(config);
  const least = family.leastBytes(config);
  refuseTooLarge(name, least.because, least.bytes, mostBytes);
  return { config, weights: joinTensors(tensors, "", family.parameters(config), name) };
}
