import { describe, expect, it } from "vitest";
import { buildClassifier, type ClassifierSizes } from "../../src/classifier/network.ts";
import { gradients } from "../../src/graph/gradient.ts";
import { add, mul } from "../../src/graph/ops/elementwise.ts";
import { reshape, sum } from "../../src/graph/ops/stretch.ts";
import { constant } from "../../src/graph/tensor.ts";
import { initialize, parameterCount, parameterViews } from "../../src/nn/parameters.ts";
import { compile } from "../../src/runtime/program.ts";
import { expectClose, feedsFor, finiteDifference, normals, onnxFeeds } from "../graph/check.ts";
import { evaluate, type ReferenceFeeds } from "../graph/reference.ts";

/** Two channels a group at the start: a group of one would take the stem's bias away, and its gradient with it. */
const residual: ClassifierSizes = {
  architecture: "residual",
  pictureSize: 16,
  baseChannels: 8,
  normGroups: 2,
  classes: 3,
};
const plain: ClassifierSizes = { ...residual, architecture: "plain" };
const BATCH = 2;

/** Weight and bias of a layer or a normalisation. */
const pair = (name: string, ...weight: number[]): [string, number[]][] => [
  [`${name}.weight`, weight],
  [`${name}.bias`, weight.slice(0, 1)],
];
const block = (name: string, channels: number) => [
  ...pair(`${name}.norm1`, channels),
  ...pair(`${name}.conv1`, channels, channels, 3, 3),
  ...pair(`${name}.norm2`, channels),
  ...pair(`${name}.conv2`, channels, channels, 3, 3),
];

/** The parameters' names and shapes, by name. */
const byName = (a: readonly unknown[], b: readonly unknown[]) => (String(a[0]) < String(b[0]) ? -1 : 1);
const shapesOf = (sizes: ClassifierSizes, batch = BATCH) =>
  buildClassifier(sizes, batch)
    .parameters.map(({ name, shape }) => [name, shape])
    .sort(byName);

describe("the parameters", () => {
  it("of a residual classifier", () => {
    const expected = [
      ...pair("stem", 4, 4, 3, 3),
      ...pair("shrink_norm1", 4),
      ...pair("shrink1", 8, 16, 1),
      ...block("block1", 8),
      ...pair("shrink_norm2", 8),
      ...pair("shrink2", 16, 32, 1),
      ...block("block2", 16),
      ...pair("shrink_norm3", 16),
      ...pair("shrink3", 32, 64, 1),
      ...block("block3", 32),
      ...pair("norm", 32),
      ...pair("head", 3, 32),
    ];
    expect(shapesOf(residual)).toEqual(expected.sort(byName));
  });

  it("of a plain classifier", () => {
    const layer = (name: string, outputs: number, inputs: number) => [
      ...pair(`conv${name}`, outputs, inputs, 3, 3),
      ...pair(`norm${name}`, outputs),
    ];
    const expected = [
      ...layer("1_1", 8, 1),
      ...layer("1_2", 8, 8),
      ...layer("2_1", 16, 8),
      ...layer("2_2", 16, 16),
      ...layer("3_1", 32, 16),
      ...layer("3_2", 32, 32),
      ...pair("head", 3, 32),
    ];
    expect(shapesOf(plain)).toEqual(expected.sort(byName));
  });
});

describe.each([residual, plain])("a classifier, $architecture", (sizes) => {
  const { pictures, features, logits, parameters } = buildClassifier(sizes, BATCH);
  const tensors = parameters.map(({ tensor }) => tensor);
  const inputs = [pictures, ...tensors];
  const weights = parameterViews(parameters, initialize(parameters, 3));
  const ink = normals(BATCH * 16 * 16, 7).map((value) => 1 / (1 + Math.exp(-value)));
  const feeds: ReferenceFeeds = feedsFor(inputs, { ...Object.fromEntries(weights), pictures: ink });

  it("has the same parameters for every batch and picture size", () => {
    expect(shapesOf(sizes, 64)).toEqual(shapesOf(sizes, 1));
    expect(shapesOf({ ...sizes, pictureSize: 64 })).toEqual(shapesOf(sizes));
  });

  it("gives features and logits of a row a drawing", () => {
    expect(features.shape).toEqual([BATCH, 32]);
    expect(logits.shape).toEqual([BATCH, 3]);
  });

  it("has logits that are its last layer of its features", () => {
    const [seen, said] = evaluate([features, logits], feeds);
    const [weight, bias] = [feeds["head.weight"], feeds["head.bias"]];
    const expected = Array.from({ length: BATCH * 3 }, (_, i) => {
      const [row, category] = [Math.floor(i / 3), i % 3];
      let logit = bias[category];
      for (let j = 0; j < 32; j++) logit += weight[category * 32 + j] * seen[row * 32 + j];
      return logit;
    });
    // 33 roundings in float64.
    expectClose(said, expected, 1e-14, "logits");
  });

  it("has features that do not depend on how much ink there is beside them in the batch", () => {
    const alone = evaluate([features], feeds)[0].slice(0, 32);
    const other = ink.map((value, i) => (i < 256 ? value : 1));
    expect(evaluate([features], { ...feeds, pictures: other })[0].slice(0, 32)).toEqual(alone);
  });

  describe("the gradient of the whole", () => {
    const weighted = mul(logits, constant(normals(BATCH * 3, 9), [BATCH, 3]));
    const square = mul(logits, logits);
    const loss = reshape(sum(add(weighted, square)), []);
    const derivatives = gradients(loss, tensors);
    const expected = evaluate(derivatives, feeds);
    const largestOf = (values: Float64Array) =>
      values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

    it("has the shapes of the parameters and leaves none out", () => {
      expect(derivatives.map(({ shape }) => shape)).toEqual(parameters.map(({ shape }) => shape));
      expect(expected.reduce((count, { length }) => count + length, 0)).toBe(parameterCount(parameters));
    });

    it("agrees with finite differences at the largest element of every parameter", () => {
      for (const [which, { name }] of parameters.entries()) {
        const largest = largestOf(expected[which]);
        const element = expected[which].findIndex((value) => Math.abs(value) === largest);
        const difference = finiteDifference(loss, feeds, name, element);
        const error = Math.abs(expected[which][element] - difference) / largest;
        expect(error, `${name}, element ${element}`).toBeLessThan(1e-6);
      }
    });

    it("is what ONNX Runtime computes, as are features and logits", async () => {
      const named = Object.fromEntries(parameters.map(({ name }, i) => [`gradient.${name}`, derivatives[i]]));
      const program = await compile<string>({ features, logits, ...named }, { threads: 1 });
      const results = await program.run(onnxFeeds(inputs, feeds));
      await program.dispose();
      const [seen, said] = evaluate([features, logits], feeds);
      expectClose(results.features, seen, 1e-5, "features");
      expectClose(results.logits, said, 1e-5, "logits");
      for (const [i, { name }] of parameters.entries()) {
        const unit = largestOf(expected[i]);
        const share = (value: number) => value / unit;
        expectClose(Array.from(results[`gradient.${name}`], share), expected[i].map(share), 1e-4, name);
      }
    });
  });
});
