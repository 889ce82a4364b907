import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ShapeError } from "../../src/graph/shape.ts";
import { input } from "../../src/graph/tensor.ts";
import { parameterScope } from "../../src/nn/parameters.ts";
import { rmsNorm } from "../../src/nn/rms-norm.ts";
import { rotaryAngles, rotate } from "../../src/nn/rotary.ts";
import { checkGraph } from "../graph/check.ts";
import { evaluate } from "../graph/reference.ts";

/** `x` at a position, turned. */
function turned(x: readonly number[], position: number): Float64Array {
  const places = input("positions", [1, 1]);
  const values = input("x", [1, x.length]);
  return evaluate([rotate(values, rotaryAngles(places, x.length / 2))], { x, positions: [position] })[0];
}
const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((total, value, i) => total + value * b[i], 0);

const numbers = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 6, maxLength: 6 });
const position = fc.integer({ min: -100, max: 100 });

describe("rotary positions", () => {
  it("make a product of query and key depend on the difference of their positions", () =>
    fc.assert(
      fc.property(numbers, numbers, position, position, position, (q, k, m, n, by) => {
        const here = dot(turned(q, m), turned(k, n));
        const there = dot(turned(q, m + by), turned(k, n + by));
        expect(there).toBeCloseTo(here, 4);
      }),
    ));

  it("keep lengths, and leave position 0 as it is", () =>
    fc.assert(
      fc.property(numbers, position, (x, at) => {
        const y = turned(x, at);
        expect(dot(y, y)).toBeCloseTo(dot(x, x), 8);
        // Adding 0 makes 0 of -0.
        expect(Array.from(turned(x, 0), (value) => value + 0)).toEqual(x.map((value) => value + 0));
      }),
    ));

  it("turn the first pair by the position itself", () => {
    const [a, , b] = turned([1, 0, 0, 0], 0.5);
    expect([a, b]).toEqual([Math.cos(0.5), Math.sin(0.5)]);
  });

  it("have a gradient, with positions that differ between drawings", () => {
    const [x, positions] = [input("a", [2, 3, 5, 4]), input("b", [2, 1, 5, 1])];
    return checkGraph({ inputs: [x, positions], outputs: [rotate(x, rotaryAngles(positions, 2))] });
  });

  it("refuse angles of another number of pairs", () => {
    expect(() => rotate(input("x", [3, 8]), input("angles", [3, 3]))).toThrow(
      new ShapeError("rotate: [3, 8] needs an angle for each of 4 pairs of channels, found [3, 3]"),
    );
  });
});

it("root mean square normalisation has a scale for each channel", () => {
  const { scope, parameters } = parameterScope();
  const x = input("a", [2, 3, 4]);
  const y = rmsNorm(scope.child("norm"), x);
  expect(parameters.map(({ name, shape, initialization }) => [name, shape, initialization])).toEqual([
    ["norm.weight", [4], { value: 1 }],
  ]);
  return checkGraph({ inputs: [x, ...parameters.map(({ tensor }) => tensor)], outputs: [y] });
});
