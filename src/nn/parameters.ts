import { randomStream, streams } from "../base/random.ts";
import { type Shape, sizeOf } from "../graph/shape.ts";
import { constant, input, type Tensor } from "../graph/tensor.ts";

/** How a parameter begins: uniform in ±bound, normal with standard deviation 1, or one value everywhere. */
export type Initialization = { uniform: number } | { normal: number } | { value: number };

/** An array of weights of a network. */
export interface Parameter {
  readonly name: string;
  readonly shape: Shape;
  readonly initialization: Initialization;
  readonly tensor: Tensor;
}

/** Declares parameters under dotted PyTorch-style names while a network is being built. */
export interface Scope {
  parameter(name: string, shape: Shape, initialization: Initialization): Tensor;
  /** The scope of a part of the network: its names get the prefix `name.`. */
  child(name: string): Scope;
}

/** An empty root scope and the list, in order of declaration, that its parameters are added to. */
export function parameterScope(): { scope: Scope; parameters: Parameter[] } {
  const parameters: Parameter[] = [];
  const scopeAt = (prefix: string): Scope => ({
    parameter(name, shape, initialization) {
      const tensor = input(prefix + name, shape);
      parameters.push({ name: prefix + name, shape, initialization, tensor });
      return tensor;
    },
    child: (name) => scopeAt(`${prefix}${name}.`),
  });
  return { scope: scopeAt(""), parameters };
}

/** A scope whose parameters stay as they are, the values of a trained network's; names it does not have are refused. */
export function frozenScope(parameters: readonly Parameter[], flat: Float32Array): Scope {
  const known = new Map<string, Tensor>();
  const views = parameterViews(parameters, flat);
  const scopeAt = (prefix: string): Scope => ({
    parameter(name, shape) {
      const values = views.get(prefix + name);
      if (values === undefined) throw new Error(`the network has no parameter "${prefix}${name}"`);
      const tensor = known.get(prefix + name) ?? constant(values, shape);
      known.set(prefix + name, tensor);
      return tensor;
    },
    child: (name) => scopeAt(`${prefix}${name}.`),
  });
  return scopeAt("");
}

export const parameterCount = (parameters: readonly Parameter[]): number =>
  parameters.reduce((n, { shape }) => n + sizeOf(shape), 0);

/** Each parameter's part of one flat vector, by name, in order of declaration; the parts share the vector's memory. */
export function parameterViews(
  parameters: readonly Parameter[],
  flat: Float32Array,
): Map<string, Float32Array> {
  let offset = 0;
  return new Map(
    parameters.map(({ name, shape }) => {
      const start = offset;
      offset += sizeOf(shape);
      return [name, flat.subarray(start, offset)];
    }),
  );
}

/** Initial values of all parameters as one flat vector, `flat` if given; each parameter has its own random stream. */
export function initialize(
  parameters: readonly Parameter[],
  seed: number,
  flat: Float32Array = new Float32Array(parameterCount(parameters)),
): Float32Array {
  let offset = 0;
  for (const [index, { shape, initialization }] of parameters.entries()) {
    const stream = randomStream(seed, streams.initialization, index);
    const view = flat.subarray(offset, offset + sizeOf(shape));
    offset += view.length;
    for (let i = 0; i < view.length; i++) {
      if ("uniform" in initialization) view[i] = (2 * stream.uniform() - 1) * initialization.uniform;
      else if ("normal" in initialization) view[i] = stream.normal() * initialization.normal;
      else view[i] = initialization.value;
    }
  }
  return flat;
}
