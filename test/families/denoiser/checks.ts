import { describe, expect, it } from "vitest";
import { permutation, randomStream } from "../../../src/base/random.ts";
import type { DenoiserNetwork, RowSettings, Sizes } from "../../../src/families/denoiser/network.ts";
import type { DenoiserSettings } from "../../../src/families/denoiser/settings.ts";
import { sizeOf } from "../../../src/graph/shape.ts";
import { compile } from "../../../src/runtime/program.ts";
import { expectClose, finiteDifference, onnxFeeds } from "../../graph/check.ts";
import { evaluate } from "../../graph/reference.ts";
import { denoiserGraph, feedsOf, lossOf } from "./graph.ts";

/** What holds for every network that takes the noise off drawings, at a tiny size. */
export function checkDenoiser<S extends DenoiserSettings>(network: DenoiserNetwork<S>, tiny: Sizes<S>): void {
  checkNetwork(network, tiny);

  it("gives a prediction of the drawing's shape, and logits where the pen is a head", () => {
    const graph = denoiserGraph(network, tiny, 2);
    expect(graph.output.prediction.shape).toEqual([2, tiny.points, tiny.channels]);
    const { output } = denoiserGraph(network, { ...tiny, pen: "head", channels: 2, strokeIndex: false }, 2);
    expect(output.prediction.shape).toEqual([2, tiny.points, 2]);
    expect(output.penLogits?.shape).toEqual([2, tiny.points]);
  });

  it.each([0, 1])("is told which points are known, and guidance: input %i", (which) => {
    const [name, settings] = [
      ["known", { ...tiny, prefixConditioning: 0.5 }],
      ["guidance", { ...tiny, maxGuidance: 4 }],
    ][which] as ["known" | "guidance", Sizes<S>];
    const told = denoiserGraph(network, settings, 2);
    const feeds = feedsOf(told, settings, [1, 2]);
    const prediction = (values: number[]) =>
      evaluate([told.output.prediction], { ...feeds, [name]: values })[0];
    expect(prediction(feeds[name].map(() => 0))).not.toEqual(prediction(feeds[name].map(() => 1)));
  });
}

/** What holds for every network that takes the noise off rows of numbers, at a tiny size. */
export function checkNetwork<S extends RowSettings>(network: DenoiserNetwork<S>, tiny: Sizes<S>): void {
  const graph = denoiserGraph(network, tiny, 2);

  it("names every parameter once, the same for every batch", () => {
    const names = graph.parameters.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(denoiserGraph(network, tiny, 3).parameters.map(({ name }) => name)).toEqual(names);
  });

  describe("its gradient", () => {
    const { loss, derivatives } = lossOf(graph);
    const feeds = feedsOf(graph, tiny, [1, 2]);
    const [[lossValue], ...expected] = evaluate([loss, ...derivatives], feeds);

    it("agrees with finite differences at the largest element of a fourth of the parameters", () => {
      const order = permutation(graph.parameters.length, randomStream(11));
      for (const which of order.subarray(0, graph.parameters.length / 4)) {
        const { name } = graph.parameters[which];
        const largest = largestOf(expected[which]);
        const element = expected[which].findIndex((value) => Math.abs(value) === largest);
        const difference = finiteDifference(loss, feeds, name, element);
        const error = Math.abs(expected[which][element] - difference) / largest;
        expect(error, `${name}, element ${element}`).toBeLessThan(1e-6);
      }
    });

    it("reaches every parameter", () => {
      for (const [i, { name, shape }] of graph.parameters.entries()) {
        expect(derivatives[i].shape, name).toEqual(shape);
        expect(largestOf(expected[i]), name).toBeGreaterThan(0);
      }
    });

    it("is what ONNX Runtime computes, for every parameter", async () => {
      const named = Object.fromEntries(
        graph.parameters.map(({ name }, i) => [`gradient.${name}`, derivatives[i]]),
      );
      const program = await compile<string>({ loss, ...named });
      const results = await program.run(onnxFeeds(graph.inputs, feeds));
      await program.dispose();
      expectClose(results.loss, [lossValue], 1e-5, "loss");
      for (const [i, { name }] of graph.parameters.entries()) {
        const unit = largestOf(expected[i]);
        const scaled = (values: ArrayLike<number>) => Array.from(values, (value) => value / unit);
        expectClose(scaled(results[`gradient.${name}`]), scaled(expected[i]), 1e-4, name);
      }
    });
  });

  it("gives a drawing the same numbers to the bit whatever stands beside it", async () => {
    const predict = async (drawings: readonly number[]) => {
      const { inputs, output, parameters } = denoiserGraph(network, tiny, drawings.length);
      const feeds = onnxFeeds(inputs, feedsOf(graph, tiny, drawings));
      const weights = new Map(
        parameters.map(({ name }) => [name, Float32Array.from(feeds[name] as Float32Array)] as const),
      );
      const program = await compile({ prediction: output.prediction }, { threads: 1, initializers: weights });
      const { prediction } = await program.run(
        Object.fromEntries(Object.entries(feeds).filter(([name]) => !weights.has(name))),
      );
      await program.dispose();
      return prediction;
    };
    const size = sizeOf(graph.output.prediction.shape) / 2;
    const [two, five] = [await predict([3, 4]), await predict([0, 4, 2, 1, 3])];
    expect(five.subarray(4 * size)).toEqual(two.subarray(0, size));
    expect(five.subarray(size, 2 * size)).toEqual(two.subarray(size));
  });
}

const largestOf = (values: Float64Array) =>
  values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
