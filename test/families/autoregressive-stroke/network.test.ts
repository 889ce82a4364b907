import { describe, expect, test } from "vitest";
import { permutation, randomStream } from "../../../src/base/random.ts";
import { strokeLoss } from "../../../src/families/autoregressive-stroke/loss.ts";
import {
  buildContext,
  contextInputs,
  parametersOf,
} from "../../../src/families/autoregressive-stroke/network.ts";
import { presets } from "../../../src/families/autoregressive-stroke/presets.ts";
import { numbersOf } from "../../../src/families/autoregressive-stroke/strokes.ts";
import { gradients, topologicalOrder } from "../../../src/graph/gradient.ts";
import { parameterCount } from "../../../src/nn/parameters.ts";
import { compile } from "../../../src/runtime/program.ts";
import { expectClose, feedsFor, finiteDifference, normals, onnxFeeds } from "../../graph/check.ts";
import { evaluate } from "../../graph/reference.ts";
import { tiny } from "./tiny.ts";

const sizes = { ...tiny, classes: 2 };
const TARGETS = 3;

describe("the networks of strokes", () => {
  test("fit into 2 MB of 8 bits in quick, with ten categories", () => {
    const { network } = presets.quick;
    const count = parameterCount(parametersOf({ ...network, classes: 10 }));
    expect(count).toBeGreaterThan(1.7e6);
    expect(count).toBeLessThan(1.93e6);
  });

  test("name every parameter once, as their loss does whatever the batch", () => {
    const names = parametersOf(sizes).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const batch of [1, 3])
      expect(strokeLoss(sizes, TARGETS, batch).parameters.map(({ name }) => name)).toEqual(names);
  });

  test("read no stroke before its turn", () => {
    const inputs = contextInputs(sizes, 1);
    const { output, parameters } = buildContext(sizes, inputs);
    const feeds = feedsFor([inputs.before, ...parameters.map(({ tensor }) => tensor)], { labels: [1] });
    const [read] = evaluate([output], feeds);
    const { strokes, contextWidth } = sizes;
    for (let changed = 1; changed < strokes; changed++) {
      const before = Array.from(feeds.before);
      before[changed * numbersOf(sizes)] += 1;
      const [other] = evaluate([output], { ...feeds, before });
      for (let stroke = 0; stroke < strokes; stroke++) {
        const part = (values: Float64Array) =>
          values.subarray(stroke * contextWidth, (stroke + 1) * contextWidth);
        if (stroke < changed) expect(part(other)).toEqual(part(read));
        else expect(part(other)).not.toEqual(part(read));
      }
    }
  });

  describe("their loss", () => {
    const { losses, parameters } = strokeLoss(sizes, TARGETS, 2);
    const tensors = parameters.map(({ tensor }) => tensor);
    const derivatives = gradients(losses.loss, tensors);
    const inputs = topologicalOrder([losses.loss])
      .filter(({ name }) => name !== undefined)
      .map(({ outputs: [tensor] }) => tensor);
    const feeds = feedsFor(inputs, {
      labels: [0, 2],
      places: [0, 4, 2, 1, 1, 3],
      times: [0, 17, 99, 50, 3, 80],
      weights: [1, 2, 0.5, 1, 1, 3],
      ...Object.fromEntries(
        parameters.map(({ name, shape }, i) => [
          name,
          normals(
            shape.reduce((a, b) => a * b, 1),
            50 + i,
          ).map((value) => 0.3 * value),
        ]),
      ),
    });
    const [[lossValue], ...expected] = evaluate([losses.loss, ...derivatives], feeds);
    const largestOf = (values: Float64Array) =>
      values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

    test("has gradients that agree with finite differences, at a fourth of the parameters", () => {
      const order = permutation(parameters.length, randomStream(11));
      for (const which of order.subarray(0, parameters.length / 4)) {
        const { name } = parameters[which];
        const largest = largestOf(expected[which]);
        const element = expected[which].findIndex((value) => Math.abs(value) === largest);
        const difference = finiteDifference(losses.loss, feeds, name, element);
        expect(Math.abs(expected[which][element] - difference) / largest, name).toBeLessThan(1e-6);
      }
    });

    test("reaches every parameter", () => {
      for (const [i, { name }] of parameters.entries())
        expect(largestOf(expected[i]), name).toBeGreaterThan(0);
    });

    test("is what ONNX Runtime computes, with the gradient of every parameter", async () => {
      const named = Object.fromEntries(parameters.map(({ name }, i) => [`gradient.${name}`, derivatives[i]]));
      const program = await compile<string>({ loss: losses.loss, ...named });
      const results = await program.run(onnxFeeds(inputs, feeds));
      await program.dispose();
      expectClose(results.loss, [lossValue], 1e-5, "loss");
      for (const [i, { name }] of parameters.entries()) {
        const unit = largestOf(expected[i]);
        const scaled = (values: ArrayLike<number>) => Array.from(values, (value) => value / unit);
        expectClose(scaled(results[`gradient.${name}`]), scaled(expected[i]), 1e-4, name);
      }
    });
  });
});
