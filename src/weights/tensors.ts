import { UserError } from "../base/errors.ts";
import { showShape } from "../graph/shape.ts";
import { type Parameter, parameterCount, parameterViews } from "../nn/parameters.ts";
import { toFloat16 } from "./float16.ts";
import { type StoredTensor, toFloat32 } from "./safetensors.ts";

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

/**
 * The tensors named prefix + parameter as one flat vector.
 * @throws UserError for a missing or differently shaped one, and for numbers that are not finite.
 */
export function joinTensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  prefix: string,
  parameters: readonly Parameter[],
  file: string,
): Float32Array {
  // All shapes before any memory: what the file holds of every tensor, it has the bytes of.
  const found = parameters.map(({ name, shape }) => {
    const tensor = tensors.get(prefix + name);
    if (tensor === undefined)
      throw new UserError(`${file}: tensor "${prefix}${name}" ${showShape(shape)} is missing.`);
    if (showShape(tensor.shape) !== showShape(shape)) {
      throw new UserError(
        `${file}: tensor "${prefix}${name}" has shape ${showShape(tensor.shape)}, the network needs ${showShape(shape)}; was it trained with another configuration?`,
      );
    }
    return { name, tensor };
  });
  const flat = new Float32Array(parameterCount(parameters));
  const views = parameterViews(parameters, flat);
  for (const { name, tensor } of found) {
    const values = toFloat32(tensor);
    const broken = values.findIndex((value) => !Number.isFinite(value));
    if (broken >= 0)
      throw new UserError(
        `${file}: tensor "${prefix}${name}" has ${values[broken]} among its numbers, expected finite ones; the file is damaged, or of a training that went wrong.`,
      );
    views.get(name)?.set(values);
  }
  return flat;
}
