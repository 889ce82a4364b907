import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, UserError } from "../base/errors.ts";
import { fileFailure } from "../files/failure.ts";
import { toFloat16 } from "../files/float16.ts";
import { decodeSafetensors, type Safetensors, type StoredTensor, toFloat32 } from "../files/safetensors.ts";
import { showShape } from "../graph/shape.ts";
import { type Parameter, parameterCount, parameterViews } from "../nn/parameters.ts";

export const WEIGHTS_FILE = "model.safetensors";

export interface WeightsFile extends Safetensors {
  readonly file: string;
  readonly bytes: Uint8Array;
  /** What its metadata says of the network. */
  readonly config: unknown;
}

/**
 * Reads the weights of a `kind` of network: from its folder, from the folder of the run that trained it, or the file.
 * @param command what trains such a network.
 * @throws UserError naming the file when it is missing or damaged.
 */
export async function readWeights(path: string, kind: string, command: string): Promise<WeightsFile> {
  const candidates = path.endsWith(".safetensors")
    ? [path]
    : [join(path, WEIGHTS_FILE), join(path, "model", WEIGHTS_FILE)];
  for (const file of candidates) {
    const bytes = await readFile(file).catch((error) => {
      if (error?.code === "ENOENT" || error?.code === "ENOTDIR") return undefined;
      throw fileFailure("read", file, error);
    });
    if (bytes === undefined) continue;
    const { tensors, metadata } = decodeSafetensors(bytes, file);
    return { file, bytes, tensors, metadata, config: configOf(metadata, kind, file) };
  }
  throw new UserError(
    `${path}: no ${kind} found there, expected ${candidates.join(" or ")}; train one with "${command} --out FOLDER" or name another folder.`,
  );
}

function configOf({ config = "" }: Safetensors["metadata"], kind: string, file: string): unknown {
  try {
    return JSON.parse(config);
  } catch (error) {
    throw new UserError(`${file}: its metadata holds no ${kind} configuration (${messageOf(error)}).`);
  }
}

/** The parameters' parts of one flat vector as tensors for a file, named prefix + parameter. */
export function splitTensors(
  parameters: readonly Parameter[],
  flat: Float32Array,
  { prefix = "", half = false } = {},
): (readonly [string, StoredTensor])[] {
  const views = parameterViews(parameters, flat);
  return parameters.map(({ name, shape }) => {
    const data = views.get(name) ?? new Float32Array(0);
    return [
      prefix + name,
      half ? { dtype: "F16", shape, data: toFloat16(data) } : { dtype: "F32", shape, data },
    ];
  });
}

/** The tensors named prefix + parameter as one flat vector; throws a UserError for a missing or differently shaped one. */
export function joinTensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  prefix: string,
  parameters: readonly Parameter[],
  file: string,
): Float32Array {
  const flat = new Float32Array(parameterCount(parameters));
  const views = parameterViews(parameters, flat);
  for (const { name, shape } of parameters) {
    const tensor = tensors.get(prefix + name);
    if (tensor === undefined)
      throw new UserError(`${file}: tensor "${prefix}${name}" ${showShape(shape)} is missing.`);
    if (showShape(tensor.shape) !== showShape(shape)) {
      throw new UserError(
        `${file}: tensor "${prefix}${name}" has shape ${showShape(tensor.shape)}, the network needs ${showShape(shape)}; was it trained with another configuration?`,
      );
    }
    views.get(name)?.set(toFloat32(tensor));
  }
  return flat;
}
