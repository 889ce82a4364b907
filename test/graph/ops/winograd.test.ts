import { expect, it } from "vitest";
import { conv1d } from "../../../src/graph/ops/conv1d.ts";
import { repeatPairs, sumPairs } from "../../../src/graph/ops/pairs.ts";
import { tiledConv1d } from "../../../src/graph/ops/winograd.ts";
import { placeOf } from "../../../src/graph/order.ts";
import { input, type Tensor } from "../../../src/graph/tensor.ts";
import { compile } from "../../../src/runtime/program.ts";
import { normals } from "../check.ts";
import { evaluate } from "../reference.ts";

/** The same rows of so many positions with the positions in tiles. */
function inTiles<T extends Float32Array | Float64Array>(values: T, length: number): T {
  const tiled = values.slice() as T;
  for (let i = 0; i < values.length; i++) {
    const position = i % length;
    tiled[i - position + placeOf("tiles", position, length)] = values[i];
  }
  return tiled;
}

const largest = (values: ArrayLike<number>) =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const apart = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  largest(Array.from(a, (value, i) => value - b[i])) / largest(b);

it("four positions lie a quarter of the length apart", () => {
  expect(Array.from({ length: 8 }, (_, i) => placeOf("tiles", i, 8))).toEqual([0, 2, 4, 6, 1, 3, 5, 7]);
  expect(Array.from({ length: 8 }, (_, i) => placeOf("natural", i, 8))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

const [BATCH, CHANNELS, LENGTH, FILTERS] = [2, 96, 32, 64];
const x = input("x", [BATCH, CHANNELS, LENGTH]);
const weight = input("weight", [FILTERS, CHANNELS, 3]);
const bias = input("bias", [FILTERS]);
const feeds = {
  x: normals(BATCH * CHANNELS * LENGTH, 0),
  weight: normals(FILTERS * CHANNELS * 3, 1),
  bias: normals(FILTERS, 2),
};
const tiled = { ...feeds, x: inTiles(feeds.x, LENGTH) };

it("is the direct convolution: in float64 to the last digits", () => {
  const [direct] = evaluate([conv1d(x, weight, bias)], feeds);
  const [winograd] = evaluate([tiledConv1d(x, weight, bias)], tiled);
  // The matrices are float32 constants: each value is good to 6e-8, and errors of their products cancel only in part.
  expect(apart(winograd, inTiles(direct, LENGTH))).toBeLessThan(1e-6);
});

it("rounds in float32 at most some times as much as the direct one", async () => {
  const [exact] = evaluate([conv1d(x, weight, bias)], feeds);
  const run = async (y: Tensor, values: typeof feeds) => (await (await compile({ y })).run(values)).y;
  const direct = apart(await run(conv1d(x, weight, bias), feeds), exact);
  const winograd = apart(await run(tiledConv1d(x, weight, bias), tiled), inTiles(exact, LENGTH));
  expect(winograd).toBeLessThan(8 * direct);
});

it("halving and doubling know tiles", () => {
  const row = input("x", [1, 16]);
  const values = normals(16, 3);
  const [halved] = evaluate([sumPairs(row, 0.5)], { x: values });
  expect(evaluate([sumPairs(row, 0.5, "tiles")], { x: inTiles(values, 16) })[0]).toEqual(inTiles(halved, 8));
  const [doubled] = evaluate([repeatPairs(row, 2)], { x: values });
  expect(evaluate([repeatPairs(row, 2, "tiles")], { x: inTiles(values, 16) })[0]).toEqual(
    inTiles(doubled, 32),
  );
});
