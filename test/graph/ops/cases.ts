import { type Shape, showShape } from "../../../src/graph/shape.ts";
import { input, type Tensor } from "../../../src/graph/tensor.ts";
import type { Checked } from "../check.ts";
import type { ReferenceFeeds } from "../reference.ts";

export interface OpCase extends Checked {
  readonly title: string;
}

export interface OpTests {
  /** Graphs to check against the reference, finite differences and ONNX Runtime. */
  readonly cases: readonly OpCase[];
  /** Uses that must be refused, with the whole message. */
  readonly errors: readonly (readonly [message: string, use: () => unknown])[];
}

/** An input named "a", "b", … by its place. */
export const inputAt = (shape: Shape, i: number): Tensor => input("abcdefgh"[i], shape);
export const of = (...shape: number[]): Tensor => inputAt(shape, 0);
export const indices = (name: string, ...shape: number[]): Tensor => input(name, shape, "int64");

/** The tests of operations, by name. */
export type OpTable = Readonly<Record<string, OpTests>>;

/** A case: `apply` on inputs of these shapes; `note` tells it from its like. */
export function on(
  shapes: readonly Shape[],
  apply: (...inputs: Tensor[]) => Tensor | readonly Tensor[],
  note = "",
  feeds: ReferenceFeeds = {},
): OpCase {
  const inputs = shapes.map(inputAt);
  const made = apply(...inputs);
  const outputs = "node" in made ? [made] : made;
  return { title: `${shapes.map(showShape).join(" ")}${note && ` ${note}`}`, inputs, outputs, feeds };
}
