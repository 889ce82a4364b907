import type { Tensor } from "../../graph/tensor.ts";
import type { Parameter } from "../../nn/parameters.ts";
import type { RowsProgram, Runtime } from "../../runtime/runtime.ts";
import type { Initializers } from "../../runtime/session.ts";

/** A part of a network as a graph for so many rows. */
export interface Part<Outputs extends string> {
  readonly outputs: Readonly<Record<Outputs, Tensor>>;
  readonly parameters: readonly Parameter[];
}

/** A part with its weights, for at least so many rows. */
export function compilePart<Outputs extends string>(
  build: (rows: number) => Part<Outputs>,
  weights: Initializers,
  atLeast: number,
  runtime: Runtime,
): Promise<RowsProgram<Outputs>> {
  const own = build(1).parameters.map(({ name }) => name);
  const initializers = new Map([...weights].filter(([name]) => own.includes(name)));
  return runtime.compileRows((rows) => build(rows).outputs, atLeast, initializers);
}
