import type { Shape } from "../graph/shape.ts";
import { sizeOf } from "../graph/shape.ts";
import { input, type Tensor } from "../graph/tensor.ts";

/** How a parameter begins: uniform in ±bound, normal with standard deviation 1, or one value everywhere. */
export type Initialization = { uniform: number } | { normal: number } | { value: number };

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

export const parameterCount = (parameters: readonly Parameter[]): number =>
  parameters.reduce((n, { shape }) => n + sizeOf(shape), 0);
