import { describe, expect, it } from "vitest";
import { gradients } from "../../src/graph/gradient.ts";
import { add, mul, silu, sub } from "../../src/graph/ops/elementwise.ts";
import { linear } from "../../src/graph/ops/linear.ts";
import { sum } from "../../src/graph/ops/stretch.ts";
import { input, type Tensor } from "../../src/graph/tensor.ts";
import { type Parameter, parameterScope } from "../../src/nn/parameters.ts";
import { compile } from "../../src/runtime/program.ts";
import type { Feeds } from "../../src/runtime/session.ts";
import { type MeanGradients, meanGradients, overMicroBatches } from "../../src/training/mean-gradients.ts";
import type { LossGraph } from "../../src/training/task.ts";
import { expectClose, normals } from "../graph/check.ts";

const ROWS = 6;

/** A network of two parts: a condition from `c`, which x is moved by before a layer of its own. */
function twoParts() {
  const { scope, parameters } = parameterScope();
  const weightsOf = (name: string) => [
    scope.parameter(`${name}.weight`, [3, 3], { value: 0 }),
    scope.parameter(`${name}.bias`, [3], { value: 0 }),
  ];
  const [conditionWeights, ownWeights] = [weightsOf("condition"), weightsOf("own")];
  const layer = (x: Tensor, [weight, bias]: Tensor[]) => linear(x, weight, bias);
  return {
    parameters: parameters as readonly Parameter[],
    condition: (rows: number) => silu(layer(input("c", [rows, 3]), conditionWeights)),
    lossOf(rows: number, condition: Tensor) {
      const difference = sub(layer(add(input("x", [rows, 3]), condition), ownWeights), input("y", [rows, 3]));
      return sum(mul(difference, difference));
    },
  };
}

const feeds: Record<string, Float32Array> = Object.fromEntries(
  Object.entries({
    c: 18,
    x: 18,
    y: 18,
    "condition.weight": 9,
    "condition.bias": 3,
    "own.weight": 9,
    "own.bias": 3,
  }).map(([name, length], i) => [name, normals(length, i)]),
);

function graphOf(microBatch: number, batch: number): LossGraph {
  const network = twoParts();
  return {
    parameters: network.parameters,
    losses: { loss: network.lossOf(microBatch, input("given", [microBatch, 3])) },
    ahead: { given: network.condition(batch) },
  };
}

async function run({ losses, gradients }: MeanGradients, values: Feeds) {
  const derivatives = Object.entries(gradients).map(([name, d]) => [`d.${name}`, d] as const);
  const program = await compile<string>({ loss: losses.loss, ...Object.fromEntries(derivatives) });
  const results = await program.run(values);
  await program.dispose();
  return results;
}

describe("gradients over micro-batches", async () => {
  const { parameters, condition, lossOf } = twoParts();
  const loss = lossOf(ROWS, condition(ROWS));
  const derivatives = gradients(
    loss,
    parameters.map(({ tensor }) => tensor),
  );
  const direct = Object.fromEntries(parameters.map(({ name }, i) => [name, derivatives[i]]));
  const expected = await run({ parameters, losses: { loss }, gradients: direct }, feeds);

  /** Half of the direct ones, as many times as the rows are repeated. */
  function expectHalves(actual: Record<string, Float32Array>, times: number) {
    expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
    for (const name in expected) {
      const wanted = expected[name].map((value) => (times * value) / 2);
      expectClose(actual[name], wanted, 2e-6, name);
    }
  }

  it.each([1, 2, 3])(
    "%i of them, with a part that is computed ahead, are those of the whole",
    async (pieces) => {
      expectHalves(await run(overMicroBatches(graphOf(ROWS / pieces, ROWS), pieces, 0.5), feeds), 1);
    },
  );

  it("of more drawings than something is computed ahead for are so too", async () => {
    const times = 30;
    const repeated = Object.fromEntries(
      Object.entries(feeds).map(([name, values]) => [
        name,
        name.includes(".") ? values : Float32Array.from({ length: times * 18 }, (_, i) => values[i % 18]),
      ]),
    );
    expectHalves(await run(meanGradients(graphOf, times * ROWS, 2, 0.5), repeated), times);
  });
});
