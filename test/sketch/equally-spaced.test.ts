import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { equallySpaced } from "../../src/sketch/equally-spaced.ts";
import { strokes } from "./arbitrary.ts";

describe("points at equal distances of arc length", () => {
  test("go around a corner", () => {
    expect(equallySpaced({ x: [0, 3, 3], y: [0, 0, 4] }, 8)).toEqual({
      x: [0, 1, 2, 3, 3, 3, 3, 3],
      y: [0, 0, 0, 0, 1, 2, 3, 4],
    });
  });

  test("of a dot are one point, and points that are there twice take no room", () => {
    expect(equallySpaced({ x: [5], y: [7] }, 3)).toEqual({ x: [5, 5, 5], y: [7, 7, 7] });
    expect(equallySpaced({ x: [5, 5], y: [7, 7] }, 2)).toEqual({ x: [5, 5], y: [7, 7] });
    expect(equallySpaced({ x: [0, 0, 2, 2], y: [1, 1, 1, 1] }, 3)).toEqual({ x: [0, 1, 2], y: [1, 1, 1] });
  });

  test("begin and end where the stroke does, none farther from the next than the way between them", () => {
    fc.assert(
      fc.property(strokes(1, 8), fc.integer({ min: 2, max: 20 }), (stroke, points) => {
        const { x, y } = equallySpaced(stroke, points);
        expect(x).toHaveLength(points);
        expect([x[0], y[0]]).toEqual([stroke.x[0], stroke.y[0]]);
        expect(x.at(-1)).toBeCloseTo(stroke.x.at(-1) ?? Number.NaN, 9);
        expect(y.at(-1)).toBeCloseTo(stroke.y.at(-1) ?? Number.NaN, 9);
        const steps = (values: readonly number[]) => values.slice(1).map((value, i) => value - values[i]);
        const lengths = (xs: readonly number[], ys: readonly number[]) =>
          steps(xs).map((dx, i) => Math.hypot(dx, steps(ys)[i]));
        const whole = lengths(stroke.x, stroke.y).reduce((a, b) => a + b, 0);
        for (const length of lengths(x, y)) expect(length).toBeLessThanOrEqual(whole / (points - 1) + 1e-9);
      }),
    );
  });
});
