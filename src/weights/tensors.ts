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
