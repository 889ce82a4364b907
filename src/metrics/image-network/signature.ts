import type { InferenceSession, Tensor } from "onnxruntime-node";
import { UserError } from "../../base/errors.ts";
import { didYouMean } from "../../base/nearest.ts";

type Values = readonly InferenceSession.ValueMetadata[];

/** Width and height of Inception's pictures, taken where a network leaves them open. */
const INCEPTION_SIZE = 299;

export interface ImageInput {
  readonly name: string;
  /** Pictures of a run; absent where their number is free. */
  readonly batch?: number;
  readonly height: number;
  readonly width: number;
}

const showType = (type: string, shape: readonly (number | string)[]): string =>
  `${type} [${shape.map((n) => (n === "" ? "?" : n)).join(", ")}]`;

const show = (values: Values): string =>
  values
    .map((value) => `${value.name} ${value.isTensor ? showType(value.type, value.shape) : "(no tensor)"}`)
    .join(", ");

/**
 * The input that takes pictures.
 * @throws UserError unless it is the only one and float32 [N, 3, H, W].
 */
export function imageInput(path: string, inputs: Values): ImageInput {
  const [value] = inputs;
  if (inputs.length === 1 && value?.isTensor && value.type === "float32" && value.shape.length === 4) {
    const [batch, channels, height, width] = value.shape;
    if (channels === 3 || typeof channels === "string")
      return {
        name: value.name,
        ...(typeof batch === "number" && { batch }),
        height: typeof height === "number" ? height : INCEPTION_SIZE,
        width: typeof width === "number" ? width : INCEPTION_SIZE,
      };
  }
  throw new UserError(
    `${path}: expected a network with one input, pictures as float32 [N, 3, H, W], found ${show(inputs) || "none"}; export it in that form (docs/inception.md).`,
  );
}

/**
 * The name of the output that holds the features.
 * @throws UserError where there is none of the name asked for, or several and none was asked for.
 */
export function featureOutput(path: string, outputs: Values, wanted?: string): string {
  const names = outputs.map(({ name }) => name);
  if (wanted === undefined) {
    const [only, ...others] = names;
    if (only !== undefined && others.length === 0) return only;
    throw new UserError(
      `${path} has ${outputs.length} outputs: ${show(outputs)}. Name the one with the features: --output NAME.`,
    );
  }
  if (!names.includes(wanted))
    throw new UserError(
      `${path} has no output "${wanted}", only ${show(outputs)}.${didYouMean(wanted, names)}`,
    );
  return wanted;
}

/**
 * What the output gave for `batch` pictures: `size` features of each, row by row.
 * @throws UserError unless that is float32 [batch, D] or [batch, D, 1, 1].
 */
export function featureRows(
  path: string,
  output: string,
  { type, dims, data }: Tensor,
  batch: number,
): { readonly size: number; readonly values: Float32Array } {
  const [count, size = 0, ...rest] = dims;
  const pooled = rest.length === 0 || (rest.length === 2 && rest.every((n) => n === 1));
  if (data instanceof Float32Array && count === batch && size > 0 && pooled) return { size, values: data };
  throw new UserError(
    `${path}: output "${output}" gives ${showType(type, dims)} for ${batch} pictures, expected float32 [${batch}, D] or [${batch}, D, 1, 1]; name another output, or export the features after their pooling.`,
  );
}
