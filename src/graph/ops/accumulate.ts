import { at } from "../../base/at.ts";
import { topologicalOrder } from "../gradient.ts";
import { repeatedShape, type Shape, ShapeError, sameShape, showShape, sizeAt } from "../shape.ts";
import { type Attributes, constant, defineOp, type Node, type OnnxValue, type Tensor } from "../tensor.ts";
import { transpose } from "./shape.ts";
import { reshape } from "./stretch.ts";

/** What becomes of the outputs of all pieces. */
export interface PieceOutputs {
  /** Summed over the pieces. */
  readonly sums: readonly Tensor[];
  /** Put one behind the other along the first axis. */
  readonly stacks: readonly Tensor[];
}

/**
 * Works through data in pieces. `outputs` are computed from a piece with `parts`, which are inputs; the pieces of
 * `wholes[i]`, cut along its first axis, take the place of `parts[i]` one after the other. So a batch too large for the
 * memory is worked through in micro-batches, and what depends on no part, such as transformed weights, is computed once.
 * It has no gradient: gradients are what it adds up.
 */
export function accumulate(
  { sums: laidOut, stacks }: PieceOutputs,
  parts: readonly Tensor[],
  wholes: readonly Tensor[],
): PieceOutputs {
  const layouts = laidOut.map(withoutLayout);
  const sums = layouts.map(({ plain }) => plain);
  const pieces = lengthOf(at(wholes, 0).shape) / lengthOf(at(parts, 0).shape);
  const inPieces = (shape: Shape): Shape => repeatedShape("accumulate", shape, pieces);
  for (const [i, { shape, dtype }] of parts.entries()) {
    const whole = at(wholes, i);
    const fits = sameShape(whole.shape, inPieces(shape)) && Number.isInteger(pieces);
    if (whole.dtype !== dtype || !fits) {
      throw new ShapeError(
        `accumulate: ${whole.dtype} ${showShape(whole.shape)} is not ${pieces} pieces of ${dtype} ${showShape(shape)}`,
      );
    }
  }
  const outputs = [...sums, ...stacks];
  const nodes = dependents(outputs, parts);
  const needed = new Set([...outputs, ...[...nodes].flatMap(({ inputs }) => inputs)]);
  const fixed = [...needed].filter((tensor) => !parts.includes(tensor) && !nodes.has(tensor.node));
  const inputs = [...wholes, ...fixed, constant([0], [])];
  const apply = defineOp<Attributes, number, number>({
    name: "accumulate",
    takes: inputs.map(({ dtype }) => dtype),
    infer: () => [
      ...sums.map(({ shape, dtype }) => ({ shape, dtype })),
      ...stacks.map(({ shape, dtype }) => ({ shape: inPieces(shape), dtype })),
    ],
    emit(onnx, { outputs: results }, names, resultNames) {
      if (pieces === 1) {
        for (const [i, part] of parts.entries()) onnx.rename(part, at(names, i));
        for (const [i, name] of onnx.write(outputs).entries())
          onnx.node("Identity", [name], [at(resultNames, i)]);
        return;
      }
      const reshaped = (name: string, shape: readonly number[], to = onnx.name()) => {
        onnx.node("Reshape", [name, onnx.constant(BigInt64Array.from(shape, BigInt), [shape.length])], [to]);
        return to;
      };
      const cut = parts.map(({ shape }, i) => reshaped(at(names, i), [pieces, ...shape]));
      const piece: OnnxValue = { dtype: "int64", shape: [] };
      const more: OnnxValue = { dtype: "bool", shape: [] };
      // A sum begins as a single zero and takes the shape of what is first added.
      const sum: OnnxValue = { dtype: "float32" };
      const body = onnx.subgraph([piece, more, ...sums.map(() => sum)], (inner, given) => {
        const [index, goOn, sofar] = [at(given, 0), at(given, 1), given.slice(2)];
        for (const [i, whole] of cut.entries()) {
          const name = inner.name();
          inner.node("Gather", [whole, index], [name], { axis: 0 });
          inner.rename(at(parts, i), name);
        }
        const added = inner.write(sums).map((term, i) => {
          const name = inner.name();
          inner.node("Add", [at(sofar, i), term], [name]);
          return [name, sum] as const;
        });
        const stacked = inner.write(stacks).map((name, i) => [name, at(stacks, i)] as const);
        const goesOn = inner.name();
        inner.node("Identity", [goOn], [goesOn]);
        return [[goesOn, more], ...added, ...stacked];
      });
      const zero = at(names, names.length - 1);
      const count = onnx.constant(BigInt64Array.of(BigInt(pieces)), []);
      const stackNames = stacks.map(() => onnx.name());
      onnx.node(
        "Loop",
        [count, "", ...sums.map(() => zero)],
        [...resultNames.slice(0, sums.length), ...stackNames],
        { body: { graph: body } },
      );
      for (const [i, name] of stackNames.entries())
        reshaped(name, at(results, sums.length + i).shape, at(resultNames, sums.length + i));
    },
    flops: () => pieces * [...nodes].reduce((total, node) => total + node.flops(), 0),
  });
  const results = apply(inputs, {});
  return { sums: layouts.map(({ layOut }, i) => layOut(at(results, i))), stacks: results.slice(sums.length) };
}

const lengthOf = (shape: Shape): number => sizeAt("accumulate", shape, 0);

/** What a tensor was before it was reshaped and transposed, and how that is done: better with a sum than with its terms. */
function withoutLayout(tensor: Tensor): { plain: Tensor; layOut: (plain: Tensor) => Tensor } {
  const { op, inputs, attributes } = tensor.node;
  const { perm } = attributes;
  if (op !== "reshape" && (op !== "transpose" || typeof perm !== "object"))
    return { plain: tensor, layOut: (plain) => plain };
  const { plain, layOut } = withoutLayout(at(inputs, 0));
  const last = (x: Tensor) => (typeof perm === "object" ? transpose(x, perm) : reshape(x, tensor.shape));
  return { plain, layOut: (x) => last(layOut(x)) };
}

/** The nodes on the way to `outputs` that depend on a part. */
function dependents(outputs: readonly Tensor[], parts: readonly Tensor[]): Set<Node> {
  const reached = new Set(parts.map(({ node }) => node));
  for (const node of topologicalOrder(outputs))
    if (node.inputs.some((input) => reached.has(input.node))) reached.add(node);
  for (const { node } of parts) reached.delete(node);
  return reached;
}
