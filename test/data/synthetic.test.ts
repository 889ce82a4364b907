import { describe, expect, it } from "vitest";
import { UserError } from "../../src/base/errors.ts";
import {
  drawSynthetic,
  readSynthetic,
  SYNTHETIC_CATEGORIES,
  SYNTHETIC_COUNT,
} from "../../src/data/synthetic.ts";
import { encodeDeltas } from "../../src/sketch/delta.ts";
import { boundsOf, pointCount } from "../../src/sketch/sketch.ts";

const draw = (category: string, count: number, seed = 0) =>
  Array.from({ length: count }, (_, i) => drawSynthetic(category, seed, i));

describe.each(SYNTHETIC_CATEGORIES)("a synthetic %s", (category) => {
  it("is the same for the same seed and index, and another one for any other", () => {
    expect(drawSynthetic(category, 3, 5)).toEqual(drawSynthetic(category, 3, 5));
    const all = [...draw(category, 100), ...draw(category, 100, 1)];
    expect(new Set(all.map((sketch) => JSON.stringify(sketch.strokes))).size).toBe(200);
  });

  it("looks like a line of Quick, Draw!'s simplified files", () => {
    for (const sketch of draw(category, 200)) {
      expect(sketch.word).toBe(category);
      const { minX = 9, minY = 9 } = boundsOf(sketch) ?? {};
      // As in the official files, simplification may take the very tips.
      expect(Math.max(minX, minY)).toBeLessThanOrEqual(3);
      const values = sketch.strokes.flatMap(({ x, y }) => [...x, ...y]);
      expect(values.every((value) => Number.isInteger(value) && value >= 0 && value <= 255)).toBe(true);
      expect(Math.max(...values)).toBeGreaterThanOrEqual(252);
      expect(sketch.strokes.length).toBeGreaterThanOrEqual(4);
      expect(sketch.strokes.length).toBeLessThanOrEqual(14);
      expect(pointCount(sketch)).toBeGreaterThanOrEqual(25);
      expect(encodeDeltas(sketch)?.length).toBe(pointCount(sketch));
    }
  });

  it("varies in its parts and seldom has more than 90 points", () => {
    const all = draw(category, 300);
    expect(new Set(all.map(({ strokes }) => strokes.length)).size).toBeGreaterThanOrEqual(6);
    const points = all.map(pointCount).sort((a, b) => a - b);
    expect(points[150]).toBeLessThan(85);
    expect(points[285]).toBeLessThan(100);
    expect(points[270] - points[30]).toBeGreaterThan(20);
  });
});

describe("the synthetic set", () => {
  it("reads as a file does: 1,000 drawings, or as many as are asked for, those of a smaller set first", async () => {
    const read = async (count?: number) => {
      const all = [];
      for await (const drawing of readSynthetic("cat", count)) all.push(drawing);
      return all;
    };
    const few = await read(7);
    expect(few.map(({ line }) => line)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    const all = await read();
    expect(all).toHaveLength(SYNTHETIC_COUNT);
    expect(all.slice(0, 7)).toEqual(few);
  });

  it("has no other category", () => {
    expect(() => drawSynthetic("cats", 0, 0)).toThrow(UserError);
    expect(() => drawSynthetic("cats", 0, 0)).toThrow(/cat, bus, rabbit, not of "cats"\. Did you mean "cat"/);
    expect(() => drawSynthetic("constructor", 0, 0)).toThrow(UserError);
  });
});
