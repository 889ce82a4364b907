import { gradients } from "../../src/graph/gradient.ts";
import { cumulativeSum } from "../../src/graph/ops/cumulative.ts";
import { add, exp, log, max, mul, sqrt, sub, tanh, where } from "../../src/graph/ops/elementwise.ts";
import { linear } from "../../src/graph/ops/linear.ts";
import { mean } from "../../src/graph/ops/mean.ts";
import { rmsNormalize } from "../../src/graph/ops/normalize.ts";
import { type ScanBody, scan } from "../../src/graph/ops/scan.ts";
import { logSumExp, softmax } from "../../src/graph/ops/softmax.ts";
import { reshape, sum } from "../../src/graph/ops/stretch.ts";
import { sizeOf } from "../../src/graph/shape.ts";
import { constant, input, type Tensor } from "../../src/graph/tensor.ts";
import { parameterScope } from "../../src/nn/parameters.ts";
import { bidirectional, gru, lstm } from "../../src/nn/recurrent.ts";
import { rotaryAngles, rotate } from "../../src/nn/rotary.ts";

/** What a device is to compute as the CPU does: one graph, so that it is compiled once. */
export interface DeviceGraph {
  readonly inputs: readonly Tensor[];
  readonly outputs: Readonly<Record<string, Tensor>>;
}

/** Values of inputs that cannot be any numbers. */
export const deviceFeeds: Readonly<Record<string, readonly number[]>> = {
  positive: [1e-2, 0.5, 1, 2, 7, 1e3],
  far: [1000, 999, -1000, -1000, -1001, -1002],
  positions: [0, 1, 2, 100, 255],
};

/** A scalar that every element has a different share in. */
const shares = (tensors: readonly Tensor[]): Tensor =>
  tensors
    .map((tensor) => {
      const weights = Array.from({ length: sizeOf(tensor.shape) }, (_, i) => Math.sin(1 + i));
      return reshape(sum(mul(tensor, constant(weights, tensor.shape))), []);
    })
    .reduce(add);

/** The results by number, and their gradients by what they are of. */
const named = (name: string, results: readonly Tensor[], of: readonly Tensor[]): Record<string, Tensor> => ({
  ...Object.fromEntries(results.map((result, i) => [`${name} ${i}`, result])),
  ...Object.fromEntries(
    gradients(shares(results), of).map((gradient, i) => [`${name}: by ${of[i].node.name}`, gradient]),
  ),
});

/** h' = tanh(x + W h + b), with h as output; a second state counts how far h went. */
const recurrent: ScanBody = ([h, travelled], [x], [weight, bias]) => {
  const next = tanh(add(x, linear(h, weight, bias)));
  const step = sub(next, h);
  return { states: [next, add(travelled, mul(step, step))], outputs: [next] };
};

/** The operations and layers that no network of the U-Net's kind uses, with their gradients. */
export function deviceGraph(): DeviceGraph {
  const [x, y, positive, far] = ["x", "y", "positive", "far"].map((name) => input(name, [2, 3]));
  const row = input("row", [3]);
  const sequence = input("sequence", [5, 2, 4]);
  const [positions, queries] = [input("positions", [5, 1]), input("queries", [2, 5, 8])];
  const [initial, travelled] = [input("initial", [2, 4]), input("travelled", [2, 4])];
  const [weight, bias] = [input("weight", [4, 4]), input("bias", [4])];

  const scanned = { initial: [initial, travelled], sequences: [sequence], shared: [weight, bias] };
  const recurrence = (reverse: boolean) => {
    const { states, outputs } = scan(recurrent, { ...scanned, reverse });
    return named(reverse ? "scan, reversed" : "scan", [...states, ...outputs], Object.values(scanned).flat());
  };

  const { scope, parameters } = parameterScope();
  const unit = gru(scope.child("gru"), sequence, 3);
  const both = bidirectional(gru, scope.child("both"), sequence, 3);
  const learner = lstm(scope.child("lstm"), sequence, 4);
  const error = sub(learner.outputs, sequence);
  const loss = reshape(mean(mul(error, error), [0, 1, 2]), []);
  const weights = (part: string) =>
    parameters.filter(({ name }) => name.startsWith(`${part}.`)).map(({ tensor }) => tensor);
  const learnt = weights("lstm");
  const derivatives = gradients(loss, learnt);

  return {
    inputs: [
      ...[x, y, positive, far, row, sequence, positions, queries, initial, travelled, weight, bias],
      ...parameters.map(({ tensor }) => tensor),
    ],
    outputs: {
      ...named("exp", [exp(x)], [x]),
      ...named("log", [log(positive)], [positive]),
      ...named("sqrt", [sqrt(positive)], [positive]),
      ...named("tanh", [tanh(x), tanh(far)], [x, far]),
      ...named("max", [max(x, row)], [x, row]),
      ...named("where", [where(x, y, row)], [y, row]),
      ...named("cumulativeSum", [cumulativeSum(x, 1), cumulativeSum(x, 0, { reverse: true })], [x]),
      ...named("softmax", [softmax(far)], [far]),
      ...named("logSumExp", [logSumExp(x), logSumExp(far)], [x, far]),
      ...named("rmsNormalize", [rmsNormalize(x, 1e-5)], [x]),
      ...recurrence(false),
      ...recurrence(true),
      ...named("gru", [unit.outputs, unit.last], [sequence, ...weights("gru")]),
      ...named("bidirectional gru", [both], [sequence, ...weights("both")]),
      ...named("rotary", [rotate(queries, rotaryAngles(positions, 4))], [queries]),
      "lstm: loss": loss,
      ...Object.fromEntries(learnt.map(({ node }, i) => [`lstm: by ${node.name}`, derivatives[i]])),
    },
  };
}

/** WGSL's sine and cosine are exact to 2^-11 only; all else is to be float32's rounding. */
export const toleranceOf = (output: string): number => (output.startsWith("rotary") ? 2 ** -10 : 1e-5);
