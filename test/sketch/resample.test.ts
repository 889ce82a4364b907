import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resample, resampleStroke } from "../../src/sketch/resample.ts";
import { strokes } from "./arbitrary.ts";

describe("resample", () => {
  it("walks around corners", () => {
    const corner = { x: [0, 3, 3], y: [0, 0, 3] };
    expect(resampleStroke(corner, 2)).toEqual({ x: [0, 2, 3, 3], y: [0, 0, 1, 3] });
  });

  it("leaves points at equal distances on a straight line, but for the last", () => {
    const length = fc.double({ min: 0.1, max: 300, noNaN: true });
    fc.assert(
      fc.property(length, fc.double({ min: 0.5, max: 20, noNaN: true }), (end, spacing) => {
        const { x } = resampleStroke({ x: [0, end], y: [0, 0] }, spacing);
        x.slice(0, -1).forEach((value, i) => {
          expect(value).toBeCloseTo(i * spacing, 8);
        });
        expect(x.at(-1)).toBe(end);
      }),
    );
  });

  it("keeps both ends and never leaves a gap", () => {
    fc.assert(
      fc.property(strokes(1, 20), (stroke) => {
        const { x, y } = resampleStroke(stroke, 5);
        expect([x[0], y[0], x.at(-1), y.at(-1)]).toEqual([
          stroke.x[0],
          stroke.y[0],
          stroke.x.at(-1),
          stroke.y.at(-1),
        ]);
        for (let i = 1; i < x.length; i++)
          expect(Math.hypot(x[i] - x[i - 1], y[i] - y[i - 1])).toBeLessThan(5 + 1e-9);
      }),
    );
  });

  it("keeps labels, and strokes of no and of one point", () => {
    const sketch = {
      word: "cat",
      strokes: [
        { x: [], y: [] },
        { x: [4], y: [5] },
      ],
    };
    expect(resample(sketch, 1)).toEqual({
      word: "cat",
      strokes: [
        { x: [], y: [] },
        { x: [4, 4], y: [5, 5] },
      ],
    });
    expect(() => resample(sketch, 0)).toThrow(RangeError);
  });
});
