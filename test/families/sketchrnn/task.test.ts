import { describe, expect, test } from "vitest";
import { at } from "../../../src/base/at.ts";
import { buildBeginning, buildStep, parametersOf } from "../../../src/families/sketchrnn/programs.ts";
import { stroke5 } from "../../../src/families/sketchrnn/stroke5.ts";
import { decodingLoss } from "../../../src/families/sketchrnn/task.ts";
import { head } from "../../../src/families/sketchrnn-mdn/head.ts";
import { mixtureOf, negativeLogLikelihood } from "../../../src/families/sketchrnn-mdn/mixture.ts";
import { constant, type Tensor } from "../../../src/graph/tensor.ts";
import { initialize, type Parameter, parameterViews } from "../../../src/nn/parameters.ts";
import { compile } from "../../../src/runtime/program.ts";
import { evaluate } from "../../graph/reference.ts";
import { tinyNetwork } from "./tiny.ts";

const network = tinyNetwork;
const weights = parameterViews(parametersOf(head, network, 2), initialize(parametersOf(head, network, 2), 3));
const drawing = {
  offsets: Float32Array.of(0.5, -0.2, 1, 0.1, -0.7, 0.9, 0.3, 0.3),
  pens: Float32Array.of(0, 1, 0, 1),
};

async function lossOf(rows: Float32Array, label: number) {
  const { losses } = decodingLoss(head, network, 2, 1, false);
  const program = await compile<string>({ ...losses }, { threads: 1, initializers: weights });
  const found = await program.run({ steps: rows, labels: BigInt64Array.of(BigInt(label)) });
  await program.dispose();
  const meanOf = (name: string) => at(found[name] ?? [], 0);
  return { loss: meanOf("loss"), offsets: meanOf("offsets"), pen: meanOf("pen") };
}

const compiled = <Outputs extends string>(part: {
  readonly outputs: Readonly<Record<Outputs, Tensor>>;
  readonly parameters: readonly Parameter[];
}) =>
  compile(part.outputs, {
    threads: 1,
    initializers: new Map([...weights].filter(([name]) => part.parameters.some((own) => own.name === name))),
  });

describe("the losses of a drawing", () => {
  const rows = stroke5(drawing, network.points + 1);

  test.each([0, 1])("are what drawing step by step says of it, category %i", async (label) => {
    const [begins, steps] = await Promise.all([
      compiled(buildBeginning(network, 2, 1)),
      compiled(buildStep(head, network, 1)),
    ]);
    const { context, ...state } = await begins.run({ labels: BigInt64Array.of(BigInt(label)) });
    let { hidden, cell } = state;
    let [offsets, pen] = [0, 0];
    for (let i = 0; i <= drawing.pens.length; i++) {
      const said = await steps.run({ context, hidden, cell, step: rows.slice(5 * i, 5 * i + 5) });
      [hidden, cell] = [said.nextHidden, said.nextCell];
      const next = rows.subarray(5 * (i + 1), 5 * (i + 2));
      const logits = Array.from(said.pen);
      const sum = logits.reduce((total, logit) => total + Math.exp(logit), 0);
      pen += Math.log(sum) - at(logits, next.subarray(2).indexOf(1));
      if (i === drawing.pens.length) continue;
      const output = constant(said.output, [1, said.output.length]);
      const y = negativeLogLikelihood(mixtureOf(output, network), constant(next.subarray(0, 2), [1, 2]));
      offsets += at(at(evaluate([y], {}), 0), 0);
    }
    await Promise.all([begins.dispose(), steps.dispose()]);
    const found = await lossOf(rows, label);
    expect(found.offsets).toBeCloseTo(offsets / network.points, 5);
    expect(found.pen).toBeCloseTo(pen / network.points, 5);
    expect(found.loss).toBeCloseTo(found.offsets + found.pen, 5);
  });

  test("do not ask what comes after its end", async () => {
    const other = rows.slice();
    // The row after the end, as an offset that nothing would expect.
    other.set([40, -40], 5 * (drawing.pens.length + 2));
    expect(await lossOf(other, 0)).toEqual(await lossOf(rows, 0));
  });

  test("are other ones for another category", async () => {
    expect((await lossOf(rows, 0)).loss).not.toBeCloseTo((await lossOf(rows, 1)).loss, 4);
  });
});
