import { describe, expect, test } from "vitest";
import { randomStream } from "../../src/base/random.ts";
import type { DenoiserNetwork } from "../../src/families/denoiser/network.ts";
import { network } from "../../src/families/unet1d/network.ts";
import type { UNet1dSettings } from "../../src/families/unet1d/settings.ts";
import { input } from "../../src/graph/tensor.ts";
import { adapterScope, mergeAdapter } from "../../src/nn/adapter.ts";
import { conv1d, linear } from "../../src/nn/layers.ts";
import {
  frozenScope,
  initialize,
  type Parameter,
  parameterCount,
  parameterScope,
  parameterViews,
} from "../../src/nn/parameters.ts";
import { checkNetwork } from "../families/denoiser/checks.ts";
import { denoiserGraph, feedsOf } from "../families/denoiser/graph.ts";
import { evaluate } from "../graph/reference.ts";

const RANK = 2;
const tiny = {
  family: "unet1d" as const,
  encoding: "position" as const,
  points: 8,
  strokeOrder: "size" as const,
  simplify: 5,
  baseChannels: 8,
  attentionHeads: 4,
  normGroups: 4,
  pen: "channel" as const,
  prediction: "v" as const,
  diffusionSteps: 1000,
  corners: false,
  prefixConditioning: 0,
  classes: 1,
  channels: 3,
};

/** The U-Net over weights that stay as they are. */
const adapted = (
  parameters: readonly Parameter[],
  weights: Float32Array,
): DenoiserNetwork<UNet1dSettings> => {
  const frozen = frozenScope(parameters, weights);
  return {
    ...network,
    conditions: (scope, sizes, inputs) =>
      network.conditions(adapterScope(frozen, scope, RANK), sizes, inputs),
    denoise: (scope, sizes, inputs, order) =>
      network.denoise(adapterScope(frozen, scope, RANK), sizes, inputs, order),
  };
};

const plain = denoiserGraph(network, tiny, 2);
const weights = initialize(plain.parameters, 3);
const wrapped = denoiserGraph(adapted(plain.parameters, weights), tiny, 2);

/** Values for an adapter's parameters, no zeros among them. */
const someValues = (parameters: readonly Parameter[]) => {
  const stream = randomStream(8);
  return Float32Array.from({ length: parameterCount(parameters) }, () => 0.1 * stream.normal());
};

describe("a scope over frozen weights", () => {
  test("declares two low-rank parts where they are fewer numbers, and differences of the rest", () => {
    const layers = parameterScope();
    const shapes = parameterScope();
    conv1d(shapes.scope.child("conv"), input("x", [1, 6, 5]), 8, 3);
    linear(shapes.scope.child("small"), input("y", [1, 3]), 2);
    const frozen = frozenScope(shapes.parameters, initialize(shapes.parameters, 1));
    conv1d(adapterScope(frozen, layers.scope, 2).child("conv"), input("x", [1, 6, 5]), 8, 3);
    linear(adapterScope(frozen, layers.scope, 2).child("small"), input("y", [1, 3]), 2);
    expect(layers.parameters.map(({ name, shape }) => [name, shape])).toEqual([
      ["conv.weight.down", [2, 18]],
      ["conv.weight.up", [2, 8]],
      ["conv.bias", [8]],
      ["small.weight", [2, 3]],
      ["small.bias", [2]],
    ]);
  });

  test("changes nothing at first", () => {
    const feeds = {
      ...feedsOf(plain, tiny, [1, 2]),
      ...Object.fromEntries(parameterViews(plain.parameters, weights)),
    };
    const own = parameterViews(wrapped.parameters, initialize(wrapped.parameters, 5));
    const [expected] = evaluate([plain.output.prediction], feeds);
    const [found] = evaluate([wrapped.output.prediction], { ...feeds, ...Object.fromEntries(own) });
    expect(found).toEqual(expected);
  });

  test("is what the merged weights are, and leaves the frozen ones as they were", () => {
    const before = weights.slice();
    const values = someValues(wrapped.parameters);
    const own = parameterViews(wrapped.parameters, values);
    const merged = mergeAdapter(plain.parameters, weights, own, RANK);
    expect(weights).toEqual(before);
    expect(merged).not.toEqual(before);
    const feeds = feedsOf(plain, tiny, [1, 2]);
    const [found] = evaluate([plain.output.prediction], {
      ...feeds,
      ...Object.fromEntries(parameterViews(plain.parameters, merged)),
    });
    const [expected] = evaluate([wrapped.output.prediction], { ...feeds, ...Object.fromEntries(own) });
    for (const [i, value] of found.entries()) expect(Math.abs(value - expected[i])).toBeLessThan(1e-6);
  });

  test("has the values of all of an adapter's parameters, or says which is missing", () => {
    const own = new Map(parameterViews(wrapped.parameters, someValues(wrapped.parameters)));
    own.delete("mid1.conv1.weight.up");
    expect(() => mergeAdapter(plain.parameters, weights, own, RANK)).toThrow(
      'the adapter has no parameter "mid1.conv1.weight.up"',
    );
  });
});

describe("a network over frozen weights", () => {
  checkNetwork(adapted(plain.parameters, weights), tiny);
});
