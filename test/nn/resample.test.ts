import { describe, expect, it } from "vitest";
import { ShapeError } from "../../src/graph/shape.ts";
import { input } from "../../src/graph/tensor.ts";
import { averagePool, averagePool2d, spaceToDepth, upsample } from "../../src/nn/resample.ts";
import { checkGraph } from "../graph/check.ts";
import { evaluate } from "../graph/reference.ts";

const shapes = [
  [2, 3, 8],
  [1, 1, 2],
  [3, 2, 6],
];

describe("averagePool", () => {
  it.each(shapes)("of [%i, %i, %i]", (...shape) => {
    const x = input("x", shape);
    return checkGraph({ inputs: [x], outputs: [averagePool(x)] });
  });

  it("gives the means of neighbouring pairs", () => {
    const y = averagePool(input("x", [1, 2, 4]));
    expect(y.shape).toEqual([1, 2, 2]);
    expect([...evaluate([y], { x: [1, 3, 5, 9, 0, 1, 2, -2] })[0]]).toEqual([2, 7, 0.5, 0]);
  });

  it("refuses an odd length", () => {
    expect(() => averagePool(input("x", [1, 2, 5]))).toThrow(
      new ShapeError("sumPairs: the last axis of [1, 2, 5] is odd"),
    );
  });
});

describe("averagePool2d", () => {
  it.each([
    [2, 3, 4, 8],
    [1, 1, 2, 2],
  ])("of [%i, %i, %i, %i]", (...shape) => {
    const x = input("x", shape);
    return checkGraph({ inputs: [x], outputs: [averagePool2d(x)] });
  });

  it("gives the means of squares", () => {
    const y = averagePool2d(input("x", [1, 1, 2, 4]));
    expect(y.shape).toEqual([1, 1, 1, 2]);
    expect([...evaluate([y], { x: [1, 2, 5, 6, 3, 4, 7, -2] })[0]]).toEqual([2.5, 4]);
  });
});

describe("upsample", () => {
  it.each([...shapes, [2, 2, 1], [1, 2, 3]])("of [%i, %i, %i]", (...shape) => {
    const x = input("x", shape);
    return checkGraph({ inputs: [x], outputs: [upsample(x)] });
  });

  it("gives every element twice", () => {
    const y = upsample(input("x", [1, 2, 2]));
    expect(y.shape).toEqual([1, 2, 4]);
    expect([...evaluate([y], { x: [1, 2, 3, 4] })[0]]).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
  });
});

describe("spaceToDepth", () => {
  it("of [2, 3, 4, 2]", () => {
    const x = input("x", [2, 3, 4, 2]);
    return checkGraph({ inputs: [x], outputs: [spaceToDepth(x)] });
  });

  it("gives each pixel of a square a channel, rows first", () => {
    const y = spaceToDepth(input("x", [1, 1, 2, 4]));
    expect(y.shape).toEqual([1, 4, 1, 2]);
    expect([...evaluate([y], { x: [1, 2, 3, 4, 5, 6, 7, 8] })[0]]).toEqual([1, 3, 2, 4, 5, 7, 6, 8]);
  });
});

it("averagePool undoes upsample", () => {
  const y = averagePool(upsample(input("x", [1, 2, 3])));
  expect([...evaluate([y], { x: [1, 2, 3, 4, 5, 6] })[0]]).toEqual([1, 2, 3, 4, 5, 6]);
});
