import { describe, expect, test } from "vitest";
import { at } from "../../../src/base/at.ts";
import { collect } from "../../../src/base/collect.ts";
import type { InterpolationEnd } from "../../../src/families/request.ts";
import { makeBatch } from "../../../src/families/sketchrnn/batches.ts";
import { divergence } from "../../../src/families/sketchrnn/encoder.ts";
import { stroke5 } from "../../../src/families/sketchrnn/stroke5.ts";
import { decodingLoss } from "../../../src/families/sketchrnn/task.ts";
import { head } from "../../../src/families/sketchrnn-mdn/head.ts";
import { presets } from "../../../src/families/sketchrnn-mdn/presets.ts";
import { gradients, topologicalOrder } from "../../../src/graph/gradient.ts";
import { constant } from "../../../src/graph/tensor.ts";
import { initialize, parameterViews } from "../../../src/nn/parameters.ts";
import { interpolate, openSession, reconstruct, sample } from "../../../src/node/sample.ts";
import { compile } from "../../../src/runtime/program.ts";
import { expectClose } from "../../graph/check.ts";
import { evaluate } from "../../graph/reference.ts";
import { tinyModel } from "../tiny-models.ts";
import { tinyNetwork } from "./tiny.ts";

const drawing = { offsets: Float32Array.of(0.5, -0.2, 1, 0.1), pens: Float32Array.of(0, 1) };
const other = { offsets: Float32Array.of(-0.5, 0.3, 0.2, 0.9, 0.4, 0.1), pens: Float32Array.of(0, 0, 1) };

/** Of central differences in float32: rounding costs as much as what is left out. */
const STEP = 5e-3;

describe("the losses with codes", () => {
  const network = { ...tinyNetwork, points: 4, hidden: 4, classWidth: 2, mixtures: 2, codeWidth: 2 };
  const rows = network.points + 1;

  test("have the gradients that finite differences have, the encoder's among them", async () => {
    const { losses, parameters } = decodingLoss(head, network, 2, 2, false, 0.01);
    const inputs = topologicalOrder([losses.loss]).flatMap(({ name, outputs: [tensor] }) =>
      name !== undefined && parameters.some((own) => own.name === name) ? [{ name, tensor }] : [],
    );
    expect(inputs.length).toBe(parameters.length);
    expect(inputs.filter(({ name }) => name.startsWith("encoder."))).toHaveLength(10);
    const tensors = inputs.map(({ tensor }) => tensor);
    const derivatives = gradients(losses.loss, tensors);
    const program = await compile<string>(
      {
        loss: losses.loss,
        ...Object.fromEntries(inputs.map(({ name }, i) => [`d ${name}`, derivatives[i]])),
      },
      { threads: 1 },
    );
    const weights = Object.fromEntries(parameterViews(parameters, initialize(parameters, 3)));
    const feeds = {
      ...weights,
      steps: Float32Array.of(...stroke5(drawing, rows), ...stroke5(other, rows)),
      labels: BigInt64Array.of(0n, 1n),
      klWeights: Float32Array.of(0.3, 0.3),
      codeNoise: Float32Array.of(0.5, -1, 0.2, 0.8),
    };
    const found = await program.run(feeds);
    for (const { name } of inputs) {
      const values = weights[name];
      const moved = async (i: number, by: number) => {
        const own = Float32Array.from(values);
        own[i] += by;
        return at((await program.run({ ...feeds, [name]: own })).loss, 0);
      };
      const differences: number[] = [];
      for (const i of values.keys())
        differences.push(((await moved(i, STEP)) - (await moved(i, -STEP))) / (2 * STEP));
      expectClose(found[`d ${name}`], differences, 1e-3, name);
    }
    await program.dispose();
  });

  test("ask for the divergence that normal distributions have from the standard one", () => {
    const mean = constant([1, 0, 0, 0], [2, 2]);
    const logVariance = constant([0, Math.log(4), 0, 0], [2, 2]);
    const [found] = evaluate([divergence({ mean, logVariance })], {});
    // For each number (μ² + σ² - log σ² - 1) / 2, and of a drawing their mean.
    expect(at(found, 0)).toBeCloseTo((0.5 + (4 - Math.log(4) - 1) / 2) / 2, 6);
    expect(at(found, 1)).toBe(0);
  });

  test("take the divergence more and more into account", () => {
    const set = { drawings: [drawing, other], labels: Uint16Array.of(0, 1) };
    const { decoder: training } = presets.vae.optimisation;
    const batchOf = (step: number) =>
      makeBatch(set, Uint32Array.of(0, 1), step, { network, training, noise: undefined });
    const [first, later, last] = [0, 693, 50_000].map((step) => batchOf(step).klWeights);
    expect([...first]).toEqual(Array(2).fill(Math.fround(0.01 * training.klWeight)));
    expect(at(later, 0)).toBeCloseTo((1 - 0.99 / 2) * training.klWeight, 3);
    expect(at(last, 0)).toBeCloseTo(training.klWeight, 6);
    expect(batchOf(3).codeNoise).toEqual(batchOf(3).codeNoise);
    expect(batchOf(3).codeNoise).not.toEqual(batchOf(4).codeNoise);
  });
});

const sketch = { strokes: [{ x: [0, 80, 160, 240], y: [0, 90, 0, 90] }] };
const tall = { strokes: [{ x: [0, 20, 40], y: [0, 200, 0] }] };

describe.each(["sketchrnn-mdn", "sketchrnn-diffusion"] as const)("a model of %s with codes", (family) => {
  const model = tinyModel(family, ["cat", "bus"], { codeWidth: 3 });
  const cold = { temperature: 0, threads: 1 };
  const again = (category: string, of = sketch) =>
    collect(reconstruct(model, { ...cold, category, sketch: of, count: 1 }));

  test("draws a drawing again from its code, and others from theirs", async () => {
    const [cat] = await again("cat");
    expect(cat.strokes).not.toEqual((await again("cat", tall))[0].strokes);
    expect(cat.strokes).not.toEqual((await again("bus"))[0].strokes);
    const many = await collect(reconstruct(model, { category: "cat", sketch, count: 5, seed: 3 }));
    expect(await collect(reconstruct(model, { category: "cat", sketch, seed: 3 }))).toEqual(many.slice(0, 1));
  });

  test("draws from one to another, the ends as their codes say", async () => {
    const from = { category: "cat", sketch };
    const row = (to: InterpolationEnd) => collect(interpolate(model, { ...cold, from, to, count: 3 }));
    const words = (await row({ category: "bus", sketch: tall })).map(({ word, index }) => [word, index]);
    expect(words).toEqual([
      ["cat", 0],
      ["bus", 1],
      ["bus", 2],
    ]);
    const [first, middle, last] = await row({ category: "cat", sketch: tall });
    expect(first.strokes).toEqual((await again("cat"))[0].strokes);
    expect(last.strokes).toEqual((await again("cat", tall))[0].strokes);
    expect(first.strokes.length).toBeGreaterThan(0);
    expect([first.strokes, last.strokes]).not.toContainEqual(middle.strokes);
  });

  test("draws the same whatever is drawn beside it", async () => {
    const draw = (count: number) => collect(sample(model, { category: "cat", seed: 7, count }));
    expect(await draw(1)).toEqual((await draw(20)).slice(0, 1));
  });

  test("can what one without codes cannot", async () => {
    const [with_, without] = [openSession(model), openSession(tinyModel(family))];
    const abilities = (session: typeof with_) => [session.reconstruct, session.interpolate].map(Boolean);
    expect([abilities(with_), abilities(without)]).toEqual([
      [true, true],
      [false, false],
    ]);
    await Promise.all([with_.dispose(), without.dispose()]);
    const dot = { strokes: [{ x: [1, 2], y: [1, 2] }] };
    await expect(again("cat", dot)).rejects.toThrow("fewer than three");
  });
});

test("a mixture without temperature goes from what it would draw by itself", async () => {
  const model = tinyModel("sketchrnn-mdn", ["cat", "bus"], { codeWidth: 3 });
  const cold = { temperature: 0, threads: 1 };
  const [, , third] = await collect(sample(model, { ...cold, category: "cat", seed: 5, count: 3 }));
  const [from, to] = [
    { category: "cat", seed: 5, index: 2 },
    { category: "cat", sketch },
  ];
  const [begun] = await collect(interpolate(model, { ...cold, from, to, count: 2 }));
  expect(begun.strokes).toEqual(third.strokes);
});
