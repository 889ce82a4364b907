import { expect, test } from "vitest";
import { randomStream } from "../../src/base/random.ts";
import { diffusionLoss } from "../../src/diffusion/loss.ts";
import { input } from "../../src/graph/tensor.ts";
import { compile } from "../../src/runtime/program.ts";

const [BATCH, POINTS] = [3, 5];
const stream = randomStream(3, 1);
const normals = (length: number) => Float32Array.from({ length }, () => stream.normal());

const values = {
  prediction: normals(BATCH * POINTS * 2),
  target: normals(BATCH * POINTS * 2),
  weights: Float32Array.of(1, 0.25, 3),
  // Large logits: e^z of these is infinite in float32.
  logits: normals(BATCH * POINTS).map((z) => 100 * z),
  pens: normals(BATCH * POINTS).map((z) => Number(z > 0)),
};
const targets = {
  target: input("target", [BATCH, POINTS, 2]),
  weights: input("weights", [BATCH]),
  pens: input("pens", [BATCH, POINTS]),
};
const prediction = input("prediction", [BATCH, POINTS, 2]);

const mean = (numbers: number[]) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
const coordinates = mean(
  Array.from(values.prediction, (value, i) => {
    const weight = values.weights[Math.floor(i / (POINTS * 2))];
    return weight * (value - values.target[i]) ** 2;
  }),
);

test("weighted squared error plus cross-entropy of the pen, as defined", async () => {
  const losses = diffusionLoss({ prediction, penLogits: input("logits", [BATCH, POINTS]) }, targets, 0.5);
  const program = await compile({ ...losses });
  const { loss, coordinates: squared, pen } = await program.run(values);
  // -y log σ(z) - (1 - y) log σ(-z), where log σ(z) = -log(1 + e^-z).
  const logistic = (z: number) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
  const crossEntropy = mean(
    Array.from(values.logits, (z, i) => (values.pens[i] === 1 ? logistic(-z) : logistic(z))),
  );
  expect(squared[0]).toBeCloseTo(coordinates, 5);
  expect(pen[0] / crossEntropy).toBeCloseTo(1, 5);
  expect(loss[0]).toBeCloseTo(coordinates + 0.5 * crossEntropy, 4);
});

test("a pen that is one of the coordinates adds nothing", async () => {
  const losses = diffusionLoss({ prediction }, targets, 0.5);
  const program = await compile({ ...losses });
  const { loss, coordinates: squared, pen } = await program.run(values);
  expect(loss[0]).toBe(squared[0]);
  expect(pen[0]).toBe(0);
});

test("known points ask for nothing, whatever the network says of them", async () => {
  const known = Float32Array.from({ length: BATCH * POINTS }, (_, i) => Number(i % POINTS <= i / POINTS));
  const told = { ...targets, known: input("known", [BATCH, POINTS]) };
  const program = await compile({ ...diffusionLoss({ prediction }, told, 0) });
  const lossOf = async (drawn: Float32Array) =>
    (await program.run({ ...values, prediction: drawn, known })).coordinates[0];
  const flagged = (change: number) =>
    values.prediction.map((value, i) => value + change * known[Math.floor(i / 2)]);
  const others = values.prediction.map((value, i) => (known[Math.floor(i / 2)] ? values.target[i] : value));
  expect(known.reduce((a, b) => a + b)).toBeGreaterThan(2);
  expect(await lossOf(values.prediction)).toBeCloseTo(await lossOf(others), 5);
  expect(await lossOf(flagged(3))).toBeCloseTo(await lossOf(others), 5);
});
