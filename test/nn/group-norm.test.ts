import { describe, expect, it } from "vitest";
import { mul } from "../../src/graph/ops/elementwise.ts";
import { ShapeError } from "../../src/graph/shape.ts";
import { input } from "../../src/graph/tensor.ts";
import { followedBy, groupNorm, normAffine } from "../../src/nn/group-norm.ts";
import { parameterScope } from "../../src/nn/parameters.ts";
import { checkGraph, expectClose, feedsFor } from "../graph/check.ts";
import { evaluate } from "../graph/reference.ts";

interface Variant {
  batch: number;
  channels: number;
  length: number;
  groups: number;
  /** Rows of scale and shift: 1 for all drawings, or one for each. */
  affineRows: number;
  activate: boolean;
}

const sizes = [
  { batch: 2, channels: 4, length: 3, groups: 2 },
  { batch: 3, channels: 6, length: 1, groups: 2 },
  { batch: 2, channels: 3, length: 5, groups: 3 },
  { batch: 1, channels: 4, length: 4, groups: 1 },
];
const variants: Variant[] = sizes.flatMap((size) =>
  [...new Set([1, size.batch])].flatMap((affineRows) =>
    [false, true].map((activate) => ({ ...size, affineRows, activate })),
  ),
);

const inputsOf = ({ batch, channels, length, affineRows }: Variant) => ({
  x: input("x", [batch, channels, length]),
  scale: input("scale", [affineRows, channels, 1]),
  shift: input("shift", [affineRows, channels, 1]),
});

/** The definition, element by element (Wu and He 2018, eq. 1 and 2). */
function naive(variant: Variant, feeds: Readonly<Record<string, ArrayLike<number>>>): Float64Array {
  const { batch, channels, length, groups, affineRows, activate } = variant;
  const { x, scale, shift } = feeds;
  const y = new Float64Array(batch * channels * length);
  const members = (n: number, group: number) =>
    [...y.keys()].filter((i) => {
      const channel = Math.floor(i / length) % channels;
      return Math.floor(i / (channels * length)) === n && Math.floor((channel * groups) / channels) === group;
    });
  for (let n = 0; n < batch; n++) {
    for (let group = 0; group < groups; group++) {
      const places = members(n, group);
      const mean = places.reduce((sum, i) => sum + x[i], 0) / places.length;
      const variance = places.reduce((sum, i) => sum + (x[i] - mean) ** 2, 0) / places.length;
      for (const i of places) {
        const place = (affineRows === 1 ? 0 : n * channels) + (Math.floor(i / length) % channels);
        const z = ((x[i] - mean) / Math.sqrt(variance + 1e-5)) * scale[place] + shift[place];
        y[i] = activate ? z / (1 + Math.exp(-z)) : z;
      }
    }
  }
  return y;
}

describe("group normalisation", () => {
  it.each(variants)(
    "of [$batch, $channels, $length] in $groups groups, $affineRows scales, SiLU $activate",
    async (variant) => {
      const { x, scale, shift } = inputsOf(variant);
      const y = groupNorm(x, variant.groups, { scale, shift }, variant.activate);
      const inputs = [x, scale, shift];
      const feeds = feedsFor(inputs);
      expectClose(evaluate([y], feeds)[0], naive(variant, feeds), 1e-12, "against the definition");
      await checkGraph({ inputs, outputs: [y] });
    },
  );

  it("has the right gradient when scale, shift and input hang together", () => {
    const x = input("x", [2, 4, 3]);
    const scale = input("scale", [2, 4, 1]);
    const y = groupNorm(mul(x, scale), 2, { scale, shift: mul(scale, scale) }, true);
    return checkGraph({ inputs: [x, scale], outputs: [y] });
  });

  it("starts without any effect of scale and shift", () => {
    const { scope, parameters } = parameterScope();
    const { scale, shift } = normAffine(scope, 4);
    expect([scale.shape, shift.shape]).toEqual([
      [1, 4, 1],
      [1, 4, 1],
    ]);
    expect(parameters.map(({ name, initialization }) => [name, initialization])).toEqual([
      ["weight", { value: 1 }],
      ["bias", { value: 0 }],
    ]);
  });

  it("refuses groups that do not divide the channels", () => {
    const affine = { scale: input("scale", [1, 6, 1]), shift: input("shift", [1, 6, 1]) };
    expect(() => groupNorm(input("x", [2, 6, 4]), 4, affine, false)).toThrow(
      new ShapeError("groupNorm: 4 groups do not divide the channels of [2, 6, 4]"),
    );
  });
});

it("puts two affine maps into one", async () => {
  const inputs = ["a", "b", "c", "d"].map((name, i) => input(name, [1 + (i >> 1), 3, 1]));
  const [a, b, c, d] = inputs;
  const { scale, shift } = followedBy({ scale: a, shift: b }, { scale: c, shift: d });
  const feeds = { a: [1, 2, 3], b: [4, 5, 6], c: [1, 1, 1, 2, 3, 4], d: [0, 0, 0, 1, 1, 1] };
  const found = evaluate([scale, shift], feeds).map((values) => [...values]);
  expect(found).toEqual([
    [1, 2, 3, 2, 6, 12],
    [4, 5, 6, 9, 16, 25],
  ]);
  await checkGraph({ inputs, outputs: [scale, shift] });
});
