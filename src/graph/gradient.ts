import { at } from "../base/at.ts";
import { add } from "./ops/elementwise.ts";
import { expand } from "./ops/stretch.ts";
import { ShapeError, sameShape, showShape } from "./shape.ts";
import { type Attributes, defineOp, type Node, scalar, type Tensor } from "./tensor.ts";
import { zeros } from "./zeros.ts";

/** The nodes that `outputs` are computed from, each after the nodes it needs. */
export function topologicalOrder(outputs: readonly Tensor[]): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  // An explicit stack: graphs are deeper than the call stack allows.
  const stack = outputs.map(({ node }) => ({ node, next: 0 })).reverse();
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const input = top.node.inputs[top.next];
    if (top.next === 0 && seen.has(top.node)) {
      stack.pop();
    } else if (input !== undefined) {
      seen.add(top.node);
      top.next++;
      if (!seen.has(input.node)) stack.push({ node: input.node, next: 0 });
    } else {
      seen.add(top.node);
      order.push(top.node);
      stack.pop();
    }
  }
  return order;
}

/**
 * Gradients of the scalar `loss` with respect to each of `targets`, as tensors of the same graph (reverse mode).
 * A target that the loss does not depend on gets zeros.
 */
export function gradients(loss: Tensor, targets: readonly Tensor[]): Tensor[] {
  if (loss.shape.some((n) => n !== 1)) {
    throw new ShapeError(`gradients: the loss must be a single number, found shape ${showShape(loss.shape)}`);
  }
  return pullback([loss], [expand(scalar(1), loss.shape)], targets);
}

/**
 * Gradients, with respect to each of `targets`, of whatever has the gradients `given` with respect to `outputs`, each of
 * its output's shape: products of vectors with the Jacobian.
 */
export function pullback(
  outputs: readonly Tensor[],
  given: readonly Tensor[],
  targets: readonly Tensor[],
): Tensor[] {
  for (const [i, { shape }] of outputs.entries()) {
    const found = at(given, i).shape;
    if (!sameShape(shape, found))
      throw new ShapeError(
        `pullback: the gradient of ${showShape(shape)} has its shape, found ${showShape(found)}`,
      );
  }
  const order = topologicalOrder(outputs);
  const relevant = new Set<Node>(targets.map(({ node }) => node));
  for (const node of order) if (node.inputs.some((input) => relevant.has(input.node))) relevant.add(node);

  const gradientOf = new Map<Tensor, Tensor>();
  const addTo = (tensor: Tensor, gradient: Tensor) => {
    const sofar = gradientOf.get(tensor);
    gradientOf.set(tensor, sofar === undefined ? gradient : add(sofar, gradient));
  };
  for (const [i, output] of outputs.entries()) addTo(output, at(given, i));
  for (const node of order.reverse()) {
    const outputGradients = node.outputs.map((output) => gradientOf.get(output));
    if (node.inputs.length === 0 || !relevant.has(node) || outputGradients.every((g) => g === undefined))
      continue;
    const inputGradients = node.gradient(outputGradients);
    for (const [i, input] of node.inputs.entries()) {
      const gradient = inputGradients[i];
      if (gradient !== undefined && relevant.has(input.node)) addTo(input, gradient);
    }
  }
  return targets.map((target) => gradientOf.get(target) ?? zeros(target.shape));
}

/** A gradient written by hand: those of a block's inputs from that of its output. */
export type BlockGradient = (outputGradient: Tensor) => readonly Tensor[];

/**
 * `y`, computed from `inputs` in whatever way, with a gradient written by hand:
 * `gradient` gets the gradient of y and gives those of the inputs. For blocks whose derived gradient wastes memory passes.
 */
export function withGradient(y: Tensor, inputs: readonly Tensor[], gradient: BlockGradient): Tensor {
  const apply = defineOp<Attributes, number>({
    name: "withGradient",
    infer: () => [y],
    gradient: (_, [g]) => (g === undefined ? [] : [undefined, ...gradient(g)]),
    emit: (onnx, _, names, outputs) => onnx.node("Identity", names.slice(0, 1), outputs),
  });
  return apply([y, ...inputs], {})[0];
}
