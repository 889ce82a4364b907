import { describe, expect, test } from "vitest";
import { rounded } from "../../src/sketch/curve.ts";
import type { Stroke } from "../../src/sketch/sketch.ts";

const roundedStroke = (stroke: Stroke): Stroke => rounded({ strokes: [stroke] }).strokes[0];

describe("rounded", () => {
  test("passes through every point", () => {
    const stroke = { x: [0, 10, 20, 25, 24], y: [0, 4, 3, 9, 20] };
    const curve = roundedStroke(stroke);
    for (const [i, x] of stroke.x.entries()) {
      expect(
        curve.x.some((cx, j) => Math.abs(cx - x) < 1e-9 && Math.abs(curve.y[j] - stroke.y[i]) < 1e-9),
      ).toBe(true);
    }
  });

  test("keeps straight lines straight and boxes boxes", () => {
    const line = roundedStroke({ x: [0, 1, 5, 6], y: [0, 2, 10, 12] });
    for (const [i, x] of line.x.entries()) expect(line.y[i]).toBeCloseTo(2 * x, 9);
    const box = { x: [0, 10, 10, 0, 0], y: [0, 0, 10, 10, 0] };
    expect(roundedStroke(box)).toEqual(box);
  });

  test("brings an octagon within 2 % of its circle, from 8 %", () => {
    const angles = Array.from({ length: 9 }, (_, i) => (i * Math.PI) / 4);
    const curve = roundedStroke({ x: angles.map(Math.cos), y: angles.map(Math.sin) });
    // Without the first and last stretch, whose ends have no neighbour to bend towards.
    for (let i = 8; i < curve.x.length - 8; i++)
      expect(Math.abs(Math.hypot(curve.x[i], curve.y[i]) - 1)).toBeLessThan(0.02);
  });

  test("bears points at the same place", () => {
    const { x, y } = roundedStroke({ x: [0, 0, 5, 5, 9], y: [0, 0, 1, 1, 0] });
    expect([...x, ...y].every(Number.isFinite)).toBe(true);
  });
});
