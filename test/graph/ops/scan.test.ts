import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gradients } from "../../../src/graph/gradient.ts";
import { toOnnx } from "../../../src/graph/onnx/model.ts";
import { accumulate } from "../../../src/graph/ops/accumulate.ts";
import { add, mul, sub, tanh } from "../../../src/graph/ops/elementwise.ts";
import { linear } from "../../../src/graph/ops/linear.ts";
import { type ScanBody, type Scanned, type ScanStep, scan } from "../../../src/graph/ops/scan.ts";
import { reshape, sum } from "../../../src/graph/ops/stretch.ts";
import { ShapeError, sizeOf } from "../../../src/graph/shape.ts";
import { constant, input, scalar, type Tensor } from "../../../src/graph/tensor.ts";
import { compile } from "../../../src/runtime/program.ts";
import { expectClose, feedsFor, finiteDifference, normals, onnxFeeds } from "../check.ts";
import { evaluate } from "../reference.ts";
import { unrolled } from "../unrolled.ts";

/** A scalar in which every element has a different share. */
const weightedSum = (tensors: readonly Tensor[]): Tensor =>
  tensors
    .map((tensor, i) => sum(mul(tensor, constant(normals(sizeOf(tensor.shape), 500 + i), tensor.shape))))
    .map((total) => reshape(total, []))
    .reduce(add, scalar(0));

/**
 * Checks a scan in all its meanings against the same steps written one behind the other: values, and gradients of
 * everything it is given; the latter also against finite differences.
 */
async function checkScan(body: ScanBody, scanned: Scanned, used: (step: ScanStep) => readonly Tensor[]) {
  const inputs = [...scanned.initial, ...scanned.sequences, ...(scanned.shared ?? [])];
  const feeds = feedsFor(inputs);
  const graphOf = (step: ScanStep) => {
    const outputs = used(step);
    const loss = weightedSum(outputs);
    return { loss, all: [...outputs, ...gradients(loss, inputs)] };
  };
  const plain = graphOf(unrolled(body, scanned));
  const expected = evaluate(plain.all, feeds);
  for (const [i, { node, shape }] of inputs.entries()) {
    const found = expected[expected.length - inputs.length + i];
    const name = node.name ?? "";
    const differences = Array.from({ length: sizeOf(shape) }, (_, at) =>
      finiteDifference(plain.loss, feeds, name, at),
    );
    expectClose(found, differences, 1e-6, `gradient of ${name} against finite differences`);
  }
  const { all } = graphOf(scan(body, scanned));
  expect(all.map(({ shape }) => shape)).toEqual(plain.all.map(({ shape }) => shape));
  const program = await compile(Object.fromEntries(all.map((tensor, i) => [`y${i}`, tensor])), {
    threads: 1,
  });
  const results = await program.run(onnxFeeds(inputs, feeds));
  await program.dispose();
  for (const [i] of all.entries()) expectClose(results[`y${i}`], expected[i], 1e-5, `result ${i}`);
}

/** h' = tanh(x + W h + b), with h as output; a second state counts how far h went. */
const recurrent: ScanBody = ([h, travelled], [x], [weight, bias]) => {
  const next = tanh(add(x, linear(h, weight, bias)));
  const step = sub(next, h);
  return { states: [next, add(travelled, mul(step, step))], outputs: [next, mul(step, x)] };
};

const recurrence = (steps: number, batch: number, size: number, reverse = false): Scanned => ({
  initial: [input("h", [batch, size]), input("travelled", [batch, size])],
  sequences: [input("x", [steps, batch, size])],
  shared: [input("weight", [size, size]), input("bias", [size])],
  reverse,
});

const everything = ({ states, outputs }: ScanStep) => [...states, ...outputs];

describe("a recurrence", () => {
  it.each([
    [1, false],
    [2, false],
    [5, false],
    [5, true],
  ])("of %i steps, reversed: %s", (steps, reverse) =>
    checkScan(recurrent, recurrence(steps, 2, 3, reverse), everything),
  );

  it("of any sizes", () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
        (steps, batch, size, reverse) =>
          checkScan(recurrent, recurrence(steps, batch, size, reverse), everything),
      ),
      { numRuns: 10, seed: 7 },
    ));

  it("of which only the last state matters", () =>
    checkScan(recurrent, recurrence(4, 2, 2), ({ states }) => states.slice(0, 1)));

  it("of which only one output matters", () =>
    checkScan(recurrent, recurrence(4, 2, 2), ({ outputs }) => outputs.slice(1)));

  it("that hands on what it is given", () =>
    checkScan(
      ([state], [x], [shared]) => ({ states: [state], outputs: [x, shared, state] }),
      { initial: [input("s", [2])], sequences: [input("x", [3, 2])], shared: [input("w", [2])] },
      everything,
    ));

  it("without a state", () =>
    checkScan(
      (_, [x], [weight]) => ({ states: [], outputs: [mul(x, weight)] }),
      { initial: [], sequences: [input("x", [3, 2])], shared: [input("w", [2])] },
      everything,
    ));

  it("of which the shared is frozen: it has no gradient, all others keep theirs", async () => {
    const scanned = recurrence(4, 2, 3);
    const { initial, sequences, shared = [] } = scanned;
    const inputs = [...initial, ...sequences, ...shared];
    const derivatives = [false, true].map((frozen) =>
      gradients(weightedSum(everything(scan(recurrent, { ...scanned, frozen }))), inputs),
    );
    const program = await compile(
      Object.fromEntries(derivatives.flatMap((each, i) => each.map((g, j) => [`${i} ${j}`, g]))),
      { threads: 1 },
    );
    const found = await program.run(onnxFeeds(inputs, feedsFor(inputs)));
    await program.dispose();
    for (const [i] of inputs.entries())
      expect(found[`1 ${i}`]).toEqual(i < 3 ? found[`0 ${i}`] : new Float32Array(found[`0 ${i}`].length));
  });

  it("over sequences of several shapes", () =>
    checkScan(
      ([s], [x, y]) => ({ states: [add(mul(s, scalar(0.5)), mul(x, y))], outputs: [s] }),
      { initial: [input("s", [2, 3])], sequences: [input("x", [4, 2, 1]), input("y", [4, 3])] },
      everything,
    ));
});

it("is worked through in micro-batches", async () => {
  const lossOf = (batch: number) => {
    const { initial, sequences, shared = [] } = recurrence(3, batch, 2);
    // Sequences have the batch second, micro-batches are cut along the first axis.
    const rows = input("rows", [batch, 3, 2]);
    const steps = sequences.map(() => reshape(rows, [3, batch, 2]));
    const made = scan(recurrent, { initial, sequences: steps, shared });
    const loss = reshape(sum(mul(made.outputs[0], made.outputs[0])), []);
    return { parts: [...initial, rows], shared, outputs: [loss, ...gradients(loss, shared)] };
  };
  const one = lossOf(1);
  const wholes = [input("all h", [2, 2]), input("all travelled", [2, 2]), input("all rows", [2, 3, 2])];
  const { sums } = accumulate({ sums: one.outputs, stacks: [] }, one.parts, wholes);
  const feeds = feedsFor([...wholes, ...one.shared]);
  const program = await compile(Object.fromEntries(sums.map((y, i) => [`y${i}`, y])), { threads: 1 });
  const results = await program.run(onnxFeeds([...wholes, ...one.shared], feeds));
  await program.dispose();

  const { initial, sequences, shared = [] } = recurrence(3, 1, 2);
  const made = unrolled(recurrent, { initial, sequences, shared });
  const loss = reshape(sum(mul(made.outputs[0], made.outputs[0])), []);
  const terms = [0, 1].map((row) => {
    const part = (name: string, size: number) =>
      Float64Array.from(feeds[name]).subarray(row * size, (row + 1) * size);
    const own = { h: part("all h", 2), travelled: part("all travelled", 2), x: part("all rows", 6) };
    return evaluate([loss, ...gradients(loss, shared)], { ...feeds, ...own });
  });
  for (const [i] of sums.entries()) {
    const expected = terms[0][i].map((value, at) => value + terms[1][i][at]);
    expectClose(results[`y${i}`], expected, 1e-5, `sum ${i}`);
  }
});

it("makes a graph whose size does not depend on the number of steps", () => {
  const bytes = (steps: number) => {
    const scanned = recurrence(steps, 2, 3);
    const { outputs } = scan(recurrent, scanned);
    const loss = reshape(sum(outputs[0]), []);
    return toOnnx({ loss, gradient: gradients(loss, scanned.shared ?? [])[0] }).length;
  };
  // Sizes are written in the model: one byte below 128, two above.
  expect(bytes(100)).toBe(bytes(3));
});

it("counts the multiplications of all steps", () => {
  const { outputs } = scan(recurrent, recurrence(5, 2, 3));
  expect(outputs[0].node.flops()).toBe(5 * 2 * 2 * 3 * 3);
});

describe("refuses", () => {
  const [s, x] = [input("s", [2]), input("x", [3, 2])];
  const none: readonly Tensor[] = [];
  it.each<[string, () => unknown]>([
    [
      "scan: needs a sequence [steps, ...] to go over",
      () => scan(recurrent, { initial: [s], sequences: [] }),
    ],
    [
      "scan: sequences of 3 and of 4 steps; they must be equally long",
      () =>
        scan(([a], [b]) => ({ states: [add(a, b)], outputs: [] }), {
          initial: [s],
          sequences: [x, input("y", [4, 2])],
        }),
    ],
    [
      "scan: state 0 is [2], a step makes [1] of it",
      () => scan(([a]) => ({ states: [sum(a)], outputs: [] }), { initial: [s], sequences: [x] }),
    ],
    [
      "scan: a step of 1 states makes 0",
      () => scan(() => ({ states: none, outputs: [] }), { initial: [s], sequences: [x] }),
    ],
    [
      'scan: a step uses "weight" from outside; give it among shared',
      () =>
        scan(([a], [b]) => ({ states: [mul(a, input("weight", [2]))], outputs: [b] }), {
          initial: [s],
          sequences: [x],
        }),
    ],
  ])("%s", (message, use) => {
    expect(use).toThrow(new ShapeError(message));
  });
});
