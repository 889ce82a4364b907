import { describe, expect, it } from "vitest";
import { ShapeError } from "../../src/graph/shape.ts";
import { input } from "../../src/graph/tensor.ts";
import { selfAttention } from "../../src/nn/attention.ts";
import { parameterScope } from "../../src/nn/parameters.ts";
import { checkGraph, expectClose, feedsFor } from "../graph/check.ts";
import { evaluate } from "../graph/reference.ts";

function build(batch: number, channels: number, length: number, heads: number, groups: number) {
  const { scope, parameters } = parameterScope();
  const x = input("x", [batch, channels, length]);
  const y = selfAttention(scope, x, heads, groups);
  return { x, y, parameters, inputs: [x, ...parameters.map(({ tensor }) => tensor)] };
}

type Numbers = ArrayLike<number>;

/** 1×1 convolution of one drawing [channels, length], row after row. */
const mix = (x: Numbers, length: number, weight: Numbers, bias: Numbers): number[] => {
  const channels = x.length / length;
  return Array.from({ length: bias.length * length }, (_, i) => {
    const filter = Math.floor(i / length);
    let sum = bias[filter];
    for (let c = 0; c < channels; c++) sum += weight[filter * channels + c] * x[c * length + (i % length)];
    return sum;
  });
};

/** One drawing through attention by the definition, with `normalized` given: softmax(q kᵀ / √d) v for each head. */
function naive(
  x: Numbers,
  normalized: Numbers,
  length: number,
  heads: number,
  feeds: Record<string, Numbers>,
) {
  const channels = x.length / length;
  const perHead = channels / heads;
  const qkv = mix(normalized, length, feeds["qkv.weight"], feeds["qkv.bias"]);
  const part = (which: number, channel: number, place: number) =>
    qkv[(which * channels + channel) * length + place];
  const mixed = Array.from({ length: channels * length }, (_, i) => {
    const channel = Math.floor(i / length);
    const to = i % length;
    const first = channel - (channel % perHead);
    const powers = Array.from({ length }, (_, from) => {
      let score = 0;
      for (let c = first; c < first + perHead; c++) score += part(0, c, to) * part(1, c, from);
      return Math.exp(score / Math.sqrt(perHead));
    });
    const total = powers.reduce((a, b) => a + b);
    return powers.reduce((sum, power, from) => sum + (power / total) * part(2, channel, from), 0);
  });
  return mix(mixed, length, feeds["proj.weight"], feeds["proj.bias"]).map((value, i) => value + x[i]);
}

describe("self-attention", () => {
  it.each([
    { batch: 2, channels: 4, length: 3, heads: 2, groups: 2 },
    { batch: 1, channels: 6, length: 5, heads: 1, groups: 3 },
    { batch: 2, channels: 4, length: 1, heads: 4, groups: 1 },
  ])(
    "of [$batch, $channels, $length] with $heads heads",
    async ({ batch, channels, length, heads, groups }) => {
      const { y, inputs } = build(batch, channels, length, heads, groups);
      await checkGraph({ inputs, outputs: [y] });
    },
  );

  it("is softmax(q kᵀ / √d) v of each head, added to its input", () => {
    const { y, inputs } = build(1, 4, 3, 2, 1);
    const feeds: Record<string, Numbers> = {
      ...feedsFor(inputs),
      "norm.weight": [1, 1, 1, 1],
      "norm.bias": [0, 0, 0, 0],
    };
    const x = Array.from(feeds.x);
    const mean = x.reduce((a, b) => a + b) / x.length;
    const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
    const normalized = x.map((value) => (value - mean) / Math.sqrt(variance + 1e-5));
    expectClose(evaluate([y], feeds)[0], naive(x, normalized, 3, 2, feeds), 1e-12, "against the definition");
  });

  it("has the parameters of the seed's, by name and shape", () => {
    const { parameters } = build(1, 4, 3, 2, 1);
    expect(parameters.map(({ name, shape }) => [name, shape])).toEqual([
      ["norm.weight", [4]],
      ["norm.bias", [4]],
      ["qkv.weight", [12, 4, 1]],
      ["qkv.bias", [12]],
      ["proj.weight", [4, 4, 1]],
      ["proj.bias", [4]],
    ]);
  });

  it("refuses heads that do not divide the channels", () => {
    expect(() => build(1, 4, 3, 3, 1)).toThrow(
      new ShapeError("selfAttention: 3 heads do not divide the channels of [1, 4, 3]"),
    );
  });
});
