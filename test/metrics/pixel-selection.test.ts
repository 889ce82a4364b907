import { describe, expect, it } from "vitest";
import { seedScore, seedSelection } from "../../src/metrics/seed-selection.ts";
import type { Sketch } from "../../src/sketch/sketch.ts";

/** `strokes` level zigzags of `points` points in all, `width` wide and `height` high. */
const zigzags = (strokes: number, points: number, width: number, height: number): Sketch => ({
  strokes: Array.from({ length: strokes }, () => ({
    x: Array.from({ length: points / strokes }, (_, i) => (i % 2) * width),
    y: Array.from({ length: points / strokes }, (_, i) => (i % 2) * height),
  })),
});

describe("seedScore", () => {
  it("is 3 for eight strokes, many points and a square outline", () => {
    expect(seedScore(zigzags(8, 80, 100, 100))).toBe(3);
  });

  it("takes off for other stroke counts, fewer points and a long outline, each by itself", () => {
    expect(seedScore(zigzags(4, 80, 100, 100))).toBe(2.5);
    expect(seedScore(zigzags(20, 80, 100, 100))).toBe(2);
    expect(seedScore(zigzags(8, 40, 100, 100))).toBe(2.8);
    expect(seedScore(zigzags(8, 80, 100, 25))).toBe(2.25);
  });

  it("has a number for a dot and for nothing", () => {
    expect(seedScore({ strokes: [{ x: [3], y: [4] }] })).toBeCloseTo(1 / 8 + 1 / 50, 12);
    expect(seedScore({ strokes: [] })).toBe(0);
  });
});

describe("seedSelection", () => {
  it("takes the best, best first, and equals in their order", () => {
    const good = zigzags(8, 80, 10, 10);
    const alike = { ...good, keyId: "2" };
    const worse = zigzags(2, 80, 10, 10);
    expect(seedSelection([worse, good, zigzags(1, 4, 10, 1), alike], 3)).toEqual([good, alike, worse]);
  });
});
