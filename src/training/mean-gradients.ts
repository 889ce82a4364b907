import { gradients, pullback, topologicalOrder } from "../graph/gradient.ts";
import { accumulate } from "../graph/ops/accumulate.ts";
import { mul } from "../graph/ops/elementwise.ts";
import { input, scalar, type Tensor } from "../graph/tensor.ts";
import type { Parameter } from "../nn/parameters.ts";
import type { LossGraph } from "./task.ts";

export interface MeanGradients {
  /** By the losses' names. */
  readonly losses: Readonly<Record<string, Tensor>>;
  /** By the parameters' names. */
  readonly gradients: Readonly<Record<string, Tensor>>;
}

/**
 * The losses and the gradients of `losses.loss`, summed over so many micro-batches with a `weight` each. The graph is
 * fed what belongs to all of them.
 */
export function meanGradients(
  { parameters, losses, ahead = {} }: LossGraph,
  pieces: number,
  weight: number,
): MeanGradients {
  const lossNames = Object.keys(losses);
  const weighted = lossNames.map((name) => mul(losses[name], scalar(weight)));
  const nodes = new Set(topologicalOrder(weighted));
  const own = parameters.filter(({ tensor }) => nodes.has(tensor.node));
  const learnt = new Set(own.map(({ tensor }) => tensor.node));
  const parts = [...nodes].flatMap(({ name, outputs: [part] }) =>
    name === undefined || learnt.has(part.node) ? [] : [{ name, part }],
  );
  const given = parts.filter(({ name }) => Object.hasOwn(ahead, name));
  const derivatives = gradients(weighted[lossNames.indexOf("loss")], [
    ...tensorsOf(own),
    ...given.map(({ part }) => part),
  ]);
  const { sums, stacks } = accumulate(
    { sums: [...weighted, ...derivatives.slice(0, own.length)], stacks: derivatives.slice(own.length) },
    parts.map(({ part }) => part),
    parts.map(({ name, part: { shape, dtype } }) =>
      Object.hasOwn(ahead, name) ? ahead[name] : input(name, [pieces * shape[0], ...shape.slice(1)], dtype),
    ),
  );

  const others = parameters.filter((parameter) => !own.includes(parameter));
  const before = pullback(
    given.map(({ name }) => ahead[name]),
    stacks,
    tensorsOf(others),
  );
  const named = (list: readonly Parameter[], of: readonly Tensor[]) =>
    list.map(({ name }, i) => [name, of[i]] as const);
  return {
    losses: Object.fromEntries(lossNames.map((name, i) => [name, sums[i]])),
    gradients: Object.fromEntries([...named(own, sums.slice(weighted.length)), ...named(others, before)]),
  };
}

const tensorsOf = (parameters: readonly Parameter[]): Tensor[] => parameters.map(({ tensor }) => tensor);
