import { at, atKey } from "../base/at.ts";
import { gradients, pullback, topologicalOrder } from "../graph/gradient.ts";
import { accumulate } from "../graph/ops/accumulate.ts";
import { mul } from "../graph/ops/elementwise.ts";
import { repeatedShape } from "../graph/shape.ts";
import { input, scalar, type Tensor } from "../graph/tensor.ts";
import type { Parameter } from "../nn/parameters.ts";
import type { LossGraph, Task } from "./task.ts";

export interface MeanGradients {
  readonly parameters: readonly Parameter[];
  /** By the losses' names. */
  readonly losses: Readonly<Record<string, Tensor>>;
  /** By the parameters' names. */
  readonly gradients: Readonly<Record<string, Tensor>>;
}

/** Drawings that something is computed ahead for at once: what that takes is kept until their gradients are there. */
const MOST_AHEAD = 128;

/**
 * The losses and the gradients of `losses.loss` for so many drawings, summed over their micro-batches with a `weight`
 * each. The graph is fed the arrays of all drawings.
 */
export function meanGradients(
  lossGraph: Task["lossGraph"],
  drawings: number,
  microBatch: number,
  weight: number,
): MeanGradients {
  const pieces = drawings / microBatch;
  return drawings <= MOST_AHEAD
    ? overMicroBatches(lossGraph(microBatch, drawings), pieces, weight)
    : inTurn(overMicroBatches(lossGraph(microBatch, microBatch), 1, weight), pieces);
}

/** What is computed ahead is so for all micro-batches at once. */
export function overMicroBatches(
  { parameters, losses, ahead = {} }: LossGraph,
  pieces: number,
  weight: number,
): MeanGradients {
  const lossNames = Object.keys(losses);
  const weighted = Object.values(losses).map((loss) => mul(loss, scalar(weight)));
  const nodes = new Set(topologicalOrder(weighted));
  const own = parameters.filter(({ tensor }) => nodes.has(tensor.node));
  const parts = fedTo(weighted, own);
  const given = parts.filter((part) => Object.hasOwn(ahead, nameOf(part)));
  const derivatives = gradients(at(weighted, lossNames.indexOf("loss")), [...tensorsOf(own), ...given]);
  const { sums, stacks } = accumulate(
    { sums: [...weighted, ...derivatives.slice(0, own.length)], stacks: derivatives.slice(own.length) },
    parts,
    parts.map((part) => (given.includes(part) ? atKey(ahead, nameOf(part)) : wholeOf(part, pieces))),
  );

  const others = parameters.filter((parameter) => !own.includes(parameter));
  const before = pullback(
    given.map((part) => atKey(ahead, nameOf(part))),
    stacks,
    tensorsOf(others),
  );
  return {
    parameters,
    losses: named(lossNames, sums),
    gradients: {
      ...named(namesOf(own), sums.slice(weighted.length)),
      ...named(namesOf(others), before),
    },
  };
}

/** Sums over so many pieces, everything of one before anything of the next. */
function inTurn(means: MeanGradients, pieces: number): MeanGradients {
  const { parameters, losses, gradients } = means;
  const outputs = [...Object.values(losses), ...Object.values(gradients)];
  const parts = fedTo(outputs, parameters);
  const { sums } = accumulate(
    { sums: outputs, stacks: [] },
    parts,
    parts.map((part) => wholeOf(part, pieces)),
  );
  const count = Object.keys(losses).length;
  return {
    parameters,
    losses: named(Object.keys(losses), sums),
    gradients: named(Object.keys(gradients), sums.slice(count)),
  };
}

/** The inputs of a graph that are no parameters. */
function fedTo(outputs: readonly Tensor[], parameters: readonly Parameter[]): Tensor[] {
  const learnt = new Set(parameters.map(({ tensor }) => tensor.node));
  return topologicalOrder(outputs)
    .filter((node) => node.name !== undefined && !learnt.has(node))
    .flatMap(({ outputs }) => outputs);
}

const nameOf = ({ node }: Tensor): string => node.name ?? "";

/** The input under the same name for so many pieces. */
const wholeOf = (part: Tensor, pieces: number): Tensor =>
  input(nameOf(part), repeatedShape("accumulate", part.shape, pieces), part.dtype);

const tensorsOf = (parameters: readonly Parameter[]): Tensor[] => parameters.map(({ tensor }) => tensor);
const namesOf = (parameters: readonly Parameter[]): string[] => parameters.map(({ name }) => name);

const named = (names: readonly string[], tensors: readonly Tensor[]): Record<string, Tensor> =>
  Object.fromEntries(names.map((name, i) => [name, at(tensors, i)]));
