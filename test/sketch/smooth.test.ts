import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { smooth } from "../../src/sketch/smooth.ts";
import { strokes } from "./arbitrary.ts";

const smoothed = (x: readonly number[]) => smooth({ strokes: [{ x, y: x }] }).strokes[0].x;

function expectClose(found: readonly number[], expected: readonly number[]) {
  expect(found).toHaveLength(expected.length);
  found.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 12);
  });
}

describe("smooth", () => {
  it("agrees with scipy.ndimage.gaussian_filter1d(x, 1), also where the line is shorter than the kernel", () => {
    expectClose(
      smoothed([0, 1, 4, 2, 7, 7, 3, 0, -5, 10]),
      [
        0.5397227281018431, 1.5117385366549216, 2.731184460177802, 3.9047974451605327, 5.352047896843979,
        5.317341272150831, 3.053668750690889, 0.5088464305054609, 1.1366823038670413, 4.943970175846701,
      ],
    );
    expectClose(smoothed([0, 10, 4]), [3.2129187621607254, 5.262457540769282, 5.524623697069993]);
  });

  it("leaves strokes of two points alone", () => {
    const sketch = { strokes: [{ x: [0, 9], y: [3, 4] }], word: "cat" };
    expect(smooth(sketch)).toEqual(sketch);
  });

  it("keeps the mean and the reading direction", () => {
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
    fc.assert(
      fc.property(strokes(3, 30), ({ x }) => {
        expect(mean(smoothed(x))).toBeCloseTo(mean(x), 9);
        expectClose(smoothed(x.toReversed()), smoothed(x).toReversed());
      }),
    );
  });
});
