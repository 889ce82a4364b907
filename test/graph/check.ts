import { expect } from "vitest";
import { randomStream } from "../../src/base/random.ts";
import { gradients } from "../../src/graph/gradient.ts";
import { add, mul } from "../../src/graph/ops/elementwise.ts";
import { reshape, sum } from "../../src/graph/ops/stretch.ts";
import { sizeOf } from "../../src/graph/shape.ts";
import { constant, scalar, type Tensor } from "../../src/graph/tensor.ts";
import { compile } from "../../src/runtime/program.ts";
import type { Feeds } from "../../src/runtime/session.ts";
import { evaluate, type ReferenceFeeds } from "./reference.ts";

const SEED = 20_240_601;
const STEP = 1e-5;

/** Standard normal numbers, exact in float32; `index` names the sequence. */
export function normals(length: number, index: number): Float32Array {
  const stream = randomStream(SEED, index);
  return Float32Array.from({ length }, () => stream.normal());
}

const nameOf = ({ node }: Tensor): string => node.name ?? node.op;

/** Values for every input that `given` leaves out. */
export function feedsFor(inputs: readonly Tensor[], given: ReferenceFeeds = {}): ReferenceFeeds {
  const drawn = inputs.map((tensor, i) => [nameOf(tensor), normals(sizeOf(tensor.shape), i)]);
  return { ...Object.fromEntries(drawn), ...given };
}

/** The same feeds as ONNX Runtime takes them. */
export const onnxFeeds = (inputs: readonly Tensor[], feeds: ReferenceFeeds): Feeds =>
  Object.fromEntries(
    inputs.map((tensor) => {
      const values = feeds[nameOf(tensor)];
      return [
        nameOf(tensor),
        tensor.dtype === "int64" ? BigInt64Array.from(values, BigInt) : Float32Array.from(values),
      ];
    }),
  );

/** A scalar that every element of `tensors` has a different share in, so that no error cancels. */
const weightedSum = (tensors: readonly Tensor[]): Tensor =>
  tensors
    .map((tensor, i) => {
      const weights = constant(normals(sizeOf(tensor.shape), 1000 + i), tensor.shape);
      return reshape(sum(mul(tensor, weights)), []);
    })
    .reduce(add, scalar(0));

/** The derivative of a scalar by element `i` of the input `name`, by central differences in float64. */
export function finiteDifference(loss: Tensor, feeds: ReferenceFeeds, name: string, i: number): number {
  const moved = (by: number) => {
    const values = Float64Array.from(feeds[name]);
    values[i] += by;
    return evaluate([loss], { ...feeds, [name]: values })[0][0];
  };
  return (moved(STEP) - moved(-STEP)) / (2 * STEP);
}

/** Expects every element within `tolerance` of the expected one, relative to the largest expected one (at least 1). */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  expect(actual.length, `${what}: number of elements`).toBe(expected.length);
  const unit = Array.from(expected, Math.abs).reduce((a, b) => Math.max(a, b), 1);
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i] - expected[i]) / unit;
    if (!(error <= tolerance)) {
      expect.fail(`${what}: element ${i} is ${actual[i]}, expected ${expected[i]} (error ${error})`);
    }
  }
}

export interface Checked {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** The outputs that have a gradient: all unless told. */
  readonly differentiable?: readonly Tensor[];
  /** Values of inputs that cannot be any numbers. */
  readonly feeds?: ReferenceFeeds;
}

/**
 * Checks a graph in all its meanings: ONNX Runtime computes what the float64 reference does, the gradient graph agrees
 * with finite differences of the reference, and ONNX Runtime computes that gradient.
 */
export async function checkGraph({ inputs, outputs, differentiable = outputs, feeds: given }: Checked) {
  const feeds = feedsFor(inputs, given);
  const loss = weightedSum(differentiable);
  const targets = inputs.filter(({ dtype }) => dtype === "float32");
  const derivatives = gradients(loss, targets);
  expect(derivatives.map(({ shape }) => shape)).toEqual(targets.map(({ shape }) => shape));
  const all = [...outputs, ...derivatives];
  const reference = evaluate(all, feeds);
  const labels = [
    ...outputs.map((_, i) => `output ${i}`),
    ...targets.map((target) => `gradient of ${nameOf(target)}`),
  ];

  for (const [i, target] of targets.entries()) {
    const differences = Array.from({ length: sizeOf(target.shape) }, (_, element) =>
      finiteDifference(loss, feeds, nameOf(target), element),
    );
    const label = `${labels[outputs.length + i]} against finite differences`;
    expectClose(reference[outputs.length + i], differences, 1e-6, label);
  }

  const program = await compile(Object.fromEntries(all.map((tensor, i) => [labels[i], tensor])), {
    threads: 1,
  });
  const results = await program.run(onnxFeeds(inputs, feeds));
  await program.dispose();
  for (const [i, label] of labels.entries()) {
    expectClose(results[label], reference[i], 1e-5, `${label} in ONNX Runtime`);
  }
}
