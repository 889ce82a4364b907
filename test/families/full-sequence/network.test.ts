import { describe, expect, it } from "vitest";
import type { Sizes } from "../../../src/families/denoiser/network.ts";
import { network } from "../../../src/families/full-sequence/network.ts";
import { presets } from "../../../src/families/full-sequence/presets.ts";
import type { FullSequenceSettings } from "../../../src/families/full-sequence/settings.ts";
import { gradients, topologicalOrder } from "../../../src/graph/gradient.ts";
import { reshape, sum } from "../../../src/graph/ops/stretch.ts";
import { slice } from "../../../src/graph/ops/window.ts";
import { sizeOf } from "../../../src/graph/shape.ts";
import { parameterCount } from "../../../src/nn/parameters.ts";
import { evaluate } from "../../graph/reference.ts";
import { checkDenoiser } from "../denoiser/checks.ts";
import { denoiserGraph, feedsOf, lossOf } from "../denoiser/graph.ts";

/** As in `quick`, for ten categories. */
const standard: Sizes<FullSequenceSettings> = { ...presets.quick.network, classes: 10, channels: 3 };
const tiny: Sizes<FullSequenceSettings> = {
  ...standard,
  width: 8,
  blocks: 3,
  cycle: 2,
  conditionWidth: 12,
  points: 12,
  classes: 2,
};

/** Weights and biases of a fully connected layer. */
const layer = (inputs: number, outputs: number) => (inputs + 1) * outputs;

describe("a network of dilated convolutions", () => {
  it.each([standard, { ...standard, blocks: 4, width: 64 }])(
    "has as many parameters as its layers say: %o",
    (settings) => {
      const { width, blocks, conditionWidth, classes } = settings;
      const vector =
        layer(128, conditionWidth) + layer(conditionWidth, conditionWidth) + (classes + 1) * conditionWidth;
      const modulations = (blocks + 1) * layer(conditionWidth, 2 * width);
      const block = layer(3 * width, 2 * width) + layer(width, width);
      const ends = layer(3, width) + layer(width, 3);
      expect(parameterCount(denoiserGraph(network, settings, 1).parameters)).toBe(
        vector + modulations + blocks * block + ends,
      );
    },
  );

  it("has the same parameters for drawings of any length", () => {
    const shapesAt = (points: number) =>
      denoiserGraph(network, { ...standard, points }, 1).parameters.map(({ name, shape }) => [name, shape]);
    expect(shapesAt(512)).toEqual(shapesAt(48));
  });

  it("is told time and category by what conditionSizes says", () => {
    const shapes = Object.entries(denoiserGraph(network, tiny, 2).conditions).map(([place, { shape }]) => [
      place,
      shape,
    ]);
    expect(shapes).toEqual(
      Object.entries(network.conditionSizes(tiny)).map(([place, size]) => [place, [2, size]]),
    );
  });

  checkDenoiser(network, tiny);

  it("takes twice the products and twice the memory for twice the points, in training too", () => {
    const costAt = (points: number) => {
      const settings = { ...standard, points };
      const graph = denoiserGraph(network, settings, 4);
      const { loss, derivatives } = lossOf(graph);
      const nodes = topologicalOrder([loss, ...derivatives]);
      const conditionNodes = topologicalOrder(Object.values(graph.conditions));
      return {
        flops: nodes.reduce((total, node) => total + node.flops(), 0),
        values: nodes
          .filter(({ inputs }) => inputs.length > 0)
          .flatMap(({ outputs }) => outputs)
          .reduce((total, { shape }) => total + sizeOf(shape), 0),
        conditions: conditionNodes.reduce((total, node) => total + node.flops(), 0),
      };
    };
    const [at128, at256, at512] = [128, 256, 512].map(costAt);
    // What time step and category cost does not depend on the points: it is gone in the differences.
    expect(at512.flops - at256.flops).toBe(2 * (at256.flops - at128.flops));
    expect(at512.values - at256.values).toBe(2 * (at256.values - at128.values));
    expect(at128.conditions).toBe(at512.conditions);
  });

  it("sees as far to both sides as its dilations add up to", () => {
    const settings = { ...tiny, points: 16 };
    const graph = denoiserGraph(network, settings, 1);
    const { noisy, ...rest } = feedsOf(graph, settings, [1]);
    const at = 8;
    const one = reshape(sum(slice(graph.output.prediction, [0, at, 0], [1, 1, 3])), []);
    const [derivative] = gradients(one, graph.inputs.slice(0, 1));
    const [values] = evaluate([derivative], { noisy, ...rest });
    const seen = Array.from({ length: settings.points }, (_, point) =>
      values.subarray(3 * point, 3 * point + 3).some((value) => value !== 0),
    );
    // Three blocks with dilations 1, 2 and 1.
    expect(seen).toEqual(seen.map((_, point) => Math.abs(point - at) <= 4));
  });
});
