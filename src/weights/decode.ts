import { messageOf, UserError } from "../base/errors.ts";
import { parseJson } from "../base/json.ts";
import { decodeSafetensors, type Safetensors } from "./safetensors.ts";

/** The tensors of a network's file, and what its metadata says of the network. */
export interface Weights {
  readonly tensors: Safetensors["tensors"];
  readonly config: unknown;
}

/**
 * Reads the file of a `kind` of network.
 * @param name the file's name, for errors.
 * @throws UserError naming the file when it is damaged or holds no configuration.
 */
export function decodeWeights(bytes: Uint8Array, kind: string, name: string): Weights {
  const { tensors, metadata } = decodeSafetensors(bytes, name);
  const { config = "" } = metadata;
  try {
    return { tensors, config: parseJson(config) };
  } catch (error) {
    throw new UserError(`${name}: its metadata holds no ${kind} configuration (${messageOf(error)}).`);
  }
}
