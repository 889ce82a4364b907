import { UserError } from "../base/errors.ts";
import { showShape } from "../graph/shape.ts";
import { type Parameter, parameterCount, parameterViews } from "../nn/parameters.ts";
import { toFloat16 } from "./float16.ts";
import { fromInt8, toInt8 } from "./int8.ts";
import { type StoredTensor, toFloat32 } from "./safetensors.ts";

/**
 * How weights are written: as they are; in half precision; or matrices and convolutions by 8 bits, with a scale for each
 * row, and the rest in half precision.
 */
export type Precision = "single" | "half" | "int8";

/** The scales of the rows of a tensor of 8 bits. */
const scalesOf = (name: string): string => `${name}.scale`;

/** The parameters' parts of one flat vector as tensors for a file, named prefix + parameter. */
export function splitTensors(
  parameters: readonly Parameter[],
  flat: Float32Array,
  { prefix = "", precision = "single" }: { readonly prefix?: string; readonly precision?: Precision } = {},
): (readonly [string, StoredTensor])[] {
  const views = parameterViews(parameters, flat);
  return parameters.flatMap(({ name, shape }): (readonly [string, StoredTensor])[] => {
    const data = views.get(name) ?? new Float32Array(0);
    const own = prefix + name;
    const [rows = 0] = shape;
    if (precision === "single") return [[own, { dtype: "F32", shape, data }]];
    if (precision === "half" || shape.length < 2)
      return [[own, { dtype: "F16", shape, data: toFloat16(data) }]];
    const int8 = toInt8(data, rows);
    return [
      [own, { dtype: "I8", shape, data: int8.data }],
      [scalesOf(own), { dtype: "F32", shape: [rows], data: int8.scales }],
    ];
  });
}

/**
 * The tensors named prefix + parameter as one flat vector.
 * @throws UserError for a missing or differently shaped one, one of 8 bits without its scales, and for numbers that are not
 * finite.
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
    if (tensor.dtype !== "I8") return { name, read: () => toFloat32(tensor) };
    const scales = tensors.get(scalesOf(prefix + name));
    if (scales?.dtype !== "F32" || showShape(scales.shape) !== showShape(shape.slice(0, 1)))
      throw new UserError(
        `${file}: tensor "${prefix}${name}" has 8 bits a number, which needs "${scalesOf(prefix + name)}", F32 ${showShape(shape.slice(0, 1))}; found ${scales ? `${scales.dtype} ${showShape(scales.shape)}` : "none"}.`,
      );
    return { name, read: () => fromInt8({ data: tensor.data, scales: scales.data }) };
  });
  const flat = new Float32Array(parameterCount(parameters));
  const views = parameterViews(parameters, flat);
  for (const { name, read } of found) {
    const values = read();
    const broken = values.findIndex((value) => !Number.isFinite(value));
    if (broken >= 0)
      throw new UserError(
        `${file}: tensor "${prefix}${name}" has ${values[broken]} among its numbers, expected finite ones; the file is damaged, or of a training that went wrong.`,
      );
    views.get(name)?.set(values);
  }
  return flat;
}
