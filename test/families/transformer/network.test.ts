import { describe, expect, it } from "vitest";
import type { Sizes } from "../../../src/families/denoiser/network.ts";
import { network } from "../../../src/families/transformer/network.ts";
import { presets } from "../../../src/families/transformer/presets.ts";
import type { TransformerSettings } from "../../../src/families/transformer/settings.ts";
import { sizeOf } from "../../../src/graph/shape.ts";
import { parameterCount } from "../../../src/nn/parameters.ts";
import { evaluate } from "../../graph/reference.ts";
import { checkDenoiser } from "../denoiser/checks.ts";
import { denoiserGraph, feedsOf } from "../denoiser/graph.ts";

/** As in `quick`, for ten categories. */
const standard: Sizes<TransformerSettings> = { ...presets.quick.network, classes: 10, channels: 3 };
const tiny: Sizes<TransformerSettings> = {
  ...standard,
  width: 16,
  blocks: 3,
  heads: 2,
  points: 12,
  classes: 2,
};

/** Weights and biases of a fully connected layer. */
const layer = (inputs: number, outputs: number) => (inputs + 1) * outputs;

describe("a diffusion transformer", () => {
  it.each([
    standard,
    { ...standard, patch: 4, blocks: 5 },
    { ...standard, convolution: false, strokeIndex: false },
  ])("has as many parameters as its layers say: %o", (settings) => {
    const { width, blocks, patch, strokeIndex, convolution, classes } = settings;
    const vector = layer(128, width) + layer(width, width) + (classes + 1) * width;
    const modulations =
      blocks * layer(width, 6 * width) + layer(width, 2 * width) + (strokeIndex ? layer(width, 2) : 0);
    const perceptron = convolution
      ? layer(3 * width, 2 * width) + layer(2 * width, width)
      : layer(width, 4 * width) + layer(4 * width, width);
    const block = layer(width, 3 * width) + layer(width, width) + perceptron;
    const skips = Math.floor((blocks - 1) / 2) * layer(2 * width, width);
    const ends = layer(3 * patch + (strokeIndex ? 12 : 0), width) + layer(width, 3 * patch);
    expect(parameterCount(denoiserGraph(network, settings, 1).parameters)).toBe(
      vector + modulations + blocks * block + skips + ends,
    );
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

  describe.each([{ ...tiny, positions: "absolute" as const, strokeIndex: false, convolution: false }, tiny])(
    "with $positions positions, stroke index $strokeIndex, convolution $convolution",
    (settings) => {
      checkDenoiser(network, settings);
    },
  );

  it("knows where a patch is: the same patches in another order give other numbers", () => {
    for (const positions of ["absolute", "rotary"] as const) {
      const settings = { ...tiny, positions, strokeIndex: false, convolution: false };
      const graph = denoiserGraph(network, settings, 1);
      const feeds = feedsOf(graph, settings, [1]);
      const size = 3 * settings.patch;
      const turned = (values: readonly number[]) => [...values.slice(size), ...values.slice(0, size)];
      const run = (noisy: number[]) =>
        Array.from(evaluate([graph.output.prediction], { ...feeds, noisy })[0]);
      const [there, here] = [run(turned(feeds.noisy)), turned(run(feeds.noisy))];
      expect(Math.max(...here.map((value, i) => Math.abs(value - there[i])))).toBeGreaterThan(1e-3);
    }
  });

  it("tells a patch how often the pen was lifted before it, not after it", () => {
    // Without attention between patches: its projections at 0.
    const settings = { ...tiny, convolution: false };
    const graph = denoiserGraph(network, settings, 1);
    const given = feedsOf(graph, settings, [1]);
    const silent = graph.parameters.filter(({ name }) => name.includes("attention.proj"));
    const feeds = {
      ...given,
      ...Object.fromEntries(silent.map(({ name, shape }) => [name, new Float32Array(sizeOf(shape))])),
    };
    const run = (noisy: number[]) => evaluate([graph.output.prediction], { ...feeds, noisy })[0];
    const patch = 3;
    const moved = given.noisy.map((value, i) => (i === 3 * settings.patch * patch + 2 ? value + 1 : value));
    const [before, after] = [run(given.noisy), run(moved)];
    const changed = Array.from({ length: settings.points / settings.patch }, (_, token) =>
      before
        .subarray(3 * settings.patch * token, 3 * settings.patch * (token + 1))
        .some((value, i) => value !== after[3 * settings.patch * token + i]),
    );
    expect(changed).toEqual(changed.map((_, token) => token >= patch));
  });
});
