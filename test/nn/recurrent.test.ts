import { describe, expect, it } from "vitest";
import { gradients } from "../../src/graph/gradient.ts";
import { mul } from "../../src/graph/ops/elementwise.ts";
import { reshape, sum } from "../../src/graph/ops/stretch.ts";
import { sizeOf } from "../../src/graph/shape.ts";
import { constant, input, type Tensor } from "../../src/graph/tensor.ts";
import { type Parameter, parameterScope, type Scope } from "../../src/nn/parameters.ts";
import { bidirectional, gru, lstm } from "../../src/nn/recurrent.ts";
import { compile } from "../../src/runtime/program.ts";
import { expectClose, feedsFor, normals, onnxFeeds } from "../graph/check.ts";
import type { ReferenceFeeds } from "../graph/reference.ts";

const [STEPS, BATCH, INPUTS, SIZE] = [3, 2, 4, 3];
const x = input("x", [STEPS, BATCH, INPUTS]);

function build(layer: (scope: Scope) => Tensor) {
  const { scope, parameters } = parameterScope();
  return { y: layer(scope), parameters };
}
const shapesOf = (parameters: readonly Parameter[]) =>
  Object.fromEntries(parameters.map(({ name, shape }) => [name, shape]));

const logistic = (value: number) => 1 / (1 + Math.exp(-value));
/** rows of W times v, plus b. */
const affine = (weight: ArrayLike<number>, bias: ArrayLike<number>, v: readonly number[]): number[] =>
  Array.from({ length: bias.length }, (_, row) =>
    v.reduce((total, value, i) => total + weight[row * v.length + i] * value, bias[row]),
  );

/** The layers' equations, one drawing and one number after the other. */
const equations = {
  lstm(feeds: ReferenceFeeds, prefix: string, inputs: readonly number[], [h, c]: readonly number[][]) {
    const given = affine(feeds[`${prefix}weight_ih`], feeds[`${prefix}bias_ih`], inputs);
    const carried = affine(feeds[`${prefix}weight_hh`], new Float64Array(4 * SIZE), h);
    const gate = (which: number, i: number) => given[which * SIZE + i] + carried[which * SIZE + i];
    const cell = c.map(
      (value, i) => logistic(gate(1, i) + 1) * value + logistic(gate(0, i)) * Math.tanh(gate(2, i)),
    );
    return [cell.map((value, i) => logistic(gate(3, i)) * Math.tanh(value)), cell];
  },
  gru(feeds: ReferenceFeeds, prefix: string, inputs: readonly number[], [h]: readonly number[][]) {
    const given = affine(feeds[`${prefix}weight_ih`], feeds[`${prefix}bias_ih`], inputs);
    const carried = affine(feeds[`${prefix}weight_hh`], feeds[`${prefix}bias_hh`], h);
    return [
      h.map((value, i) => {
        const r = logistic(given[i] + carried[i]);
        const z = logistic(given[SIZE + i] + carried[SIZE + i]);
        const n = Math.tanh(given[2 * SIZE + i] + r * carried[2 * SIZE + i]);
        return (1 - z) * n + z * value;
      }),
    ];
  },
};

/** Hidden states of all steps, [steps, batch, size]. */
function expectedOf(
  step: (
    feeds: ReferenceFeeds,
    prefix: string,
    inputs: readonly number[],
    states: readonly number[][],
  ) => readonly number[][],
  feeds: ReferenceFeeds,
  { prefix = "", reverse = false, states = 1 } = {},
): number[] {
  const outputs = new Array<number>(STEPS * BATCH * SIZE);
  for (let row = 0; row < BATCH; row++) {
    let carried: readonly number[][] = Array.from({ length: states }, () => Array<number>(SIZE).fill(0));
    for (let i = 0; i < STEPS; i++) {
      const place = reverse ? STEPS - 1 - i : i;
      const from = (place * BATCH + row) * INPUTS;
      carried = step(feeds, prefix, Array.from(feeds.x).slice(from, from + INPUTS), carried);
      for (const [j, value] of carried[0].entries()) outputs[(place * BATCH + row) * SIZE + j] = value;
    }
  }
  return outputs;
}

async function run(y: Tensor, parameters: readonly Parameter[]) {
  const inputs = [x, ...parameters.map(({ tensor }) => tensor)];
  const feeds = feedsFor(inputs);
  const program = await compile({ y }, { threads: 1 });
  const results = await program.run(onnxFeeds(inputs, feeds));
  await program.dispose();
  return { feeds, y: results.y };
}

describe("an LSTM", () => {
  it("has PyTorch's weights", () => {
    const { parameters } = build((scope) => lstm(scope, x, SIZE).outputs);
    expect(shapesOf(parameters)).toEqual({
      weight_ih: [12, 4],
      bias_ih: [12],
      weight_hh: [12, 3],
    });
  });

  it.each([false, true])("computes its equations, reversed: %s", async (reverse) => {
    const { y, parameters } = build((scope) => lstm(scope, x, SIZE, { reverse }).outputs);
    const { feeds, y: found } = await run(y, parameters);
    expectClose(found, expectedOf(equations.lstm, feeds, { reverse, states: 2 }), 1e-6, "hidden states");
  });

  it("goes on from a state as if it had not stopped", async () => {
    const whole = build((scope) => lstm(scope, x, SIZE).outputs);
    const { feeds, y: all } = await run(whole.y, whole.parameters);
    const parts = (from: number, to: number) => ({
      x: input("part", [to - from, BATCH, INPUTS]),
      values: Float32Array.from(Array.from(feeds.x).slice(from * BATCH * INPUTS, to * BATCH * INPUTS)),
    });
    const [first, second] = [parts(0, 2), parts(2, 3)];
    const { scope } = parameterScope();
    const begun = lstm(scope, first.x, SIZE);
    const weights = onnxFeeds(
      whole.parameters.map(({ tensor }) => tensor),
      feeds,
    );
    const beginning = await compile({ ...begun.last, y: begun.outputs }, { threads: 1 });
    const { hidden, cell } = await beginning.run({ ...weights, part: first.values });
    await beginning.dispose();
    const state = { hidden: input("hidden", [BATCH, SIZE]), cell: input("cell", [BATCH, SIZE]) };
    const ending = await compile(
      { y: lstm(parameterScope().scope, second.x, SIZE, { initial: state }).outputs },
      { threads: 1 },
    );
    const { y: last } = await ending.run({ ...weights, part: second.values, hidden, cell });
    await ending.dispose();
    expect(last).toEqual(all.slice(2 * BATCH * SIZE));
  });

  it("learns: its gradients lead downhill", async () => {
    const { y, parameters } = build((scope) => lstm(scope, x, SIZE).outputs);
    const tensors = parameters.map(({ tensor }) => tensor);
    const loss = reshape(sum(mul(y, constant(normals(sizeOf(y.shape), 77), y.shape))), []);
    const derivatives = gradients(loss, tensors);
    const outputs = Object.fromEntries(derivatives.map((g, i) => [`g${i}`, g]));
    const program = await compile<string>({ ...outputs, loss }, { threads: 1 });
    const values = feedsFor([x, ...tensors]);
    const feeds = onnxFeeds([x, ...tensors], values);
    const here = await program.run(feeds);
    const RATE = 1e-3;
    const moved = tensors.map((tensor, i) => {
      const name = tensor.node.name ?? "";
      return [name, Float32Array.from(values[name], (value, at) => value - RATE * here[`g${i}`][at])];
    });
    const there = await program.run({ ...feeds, ...Object.fromEntries(moved) });
    await program.dispose();
    const squares = derivatives.map((_, i) => here[`g${i}`].reduce((total, g) => total + g * g, 0));
    const promised = RATE * squares.reduce((a, b) => a + b, 0);
    // To first order; what is left is the curvature's.
    expect((here.loss[0] - there.loss[0]) / promised).toBeCloseTo(1, 1);
  });
});

describe("an LSTM's gradients", () => {
  it.each([false, true])("are those of its equations, reversed: %s", async (reverse) => {
    const { y, parameters } = build((scope) => lstm(scope, x, SIZE, { reverse }).outputs);
    const inputs = [x, ...parameters.map(({ tensor }) => tensor)];
    const feeds = feedsFor(inputs);
    const shares = normals(sizeOf(y.shape), 77);
    const loss = reshape(sum(mul(y, constant(shares, y.shape))), []);
    const outputs = Object.fromEntries(gradients(loss, inputs).map((g, i) => [`g${i}`, g]));
    const program = await compile<string>(outputs, { threads: 1 });
    const found = await program.run(onnxFeeds(inputs, feeds));
    await program.dispose();
    const lossAt = (name: string, i: number, by: number): number => {
      const values = Float64Array.from(feeds[name]);
      values[i] += by;
      const hidden = expectedOf(equations.lstm, { ...feeds, [name]: values }, { reverse, states: 2 });
      return hidden.reduce((total, value, at) => total + value * shares[at], 0);
    };
    for (const [i, { node, shape }] of inputs.entries()) {
      const name = node.name ?? "";
      const differences = Array.from(
        { length: sizeOf(shape) },
        (_, at) => (lossAt(name, at, 1e-5) - lossAt(name, at, -1e-5)) / 2e-5,
      );
      expectClose(found[`g${i}`], differences, 1e-5, `gradient of ${name}`);
    }
  });
});

describe("a GRU", () => {
  it("has PyTorch's weights", () => {
    const { parameters } = build((scope) => gru(scope, x, SIZE).outputs);
    expect(shapesOf(parameters)).toEqual({
      weight_ih: [9, 4],
      bias_ih: [9],
      weight_hh: [9, 3],
      bias_hh: [9],
    });
  });

  it.each([false, true])("computes its equations, reversed: %s", async (reverse) => {
    const { y, parameters } = build((scope) => gru(scope, x, SIZE, { reverse }).outputs);
    const { feeds, y: found } = await run(y, parameters);
    expectClose(found, expectedOf(equations.gru, feeds, { reverse }), 1e-6, "hidden states");
  });
});

it("both directions stand side by side, with weights of their own", async () => {
  const { y, parameters } = build((scope) => bidirectional(gru, scope, x, SIZE));
  expect(y.shape).toEqual([STEPS, BATCH, 2 * SIZE]);
  const { feeds, y: found } = await run(y, parameters);
  const forward = expectedOf(equations.gru, feeds, { prefix: "forward." });
  const backward = expectedOf(equations.gru, feeds, { prefix: "backward.", reverse: true });
  const rows = Array.from({ length: STEPS * BATCH }, (_, row) =>
    [forward, backward].flatMap((values) => values.slice(row * SIZE, (row + 1) * SIZE)),
  );
  expectClose(found, rows.flat(), 1e-6, "hidden states");
});
