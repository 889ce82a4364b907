import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sequenceDistances, sequenceStatistics } from "../../src/metrics/sequence.ts";
import { mapPoints, type Sketch } from "../../src/sketch/sketch.ts";

/** A level line of `points` points, then `dots` dots on it. */
const dotted = (points: number, dots: number): Sketch => ({
  strokes: [
    { x: Array.from({ length: points }, (_, i) => i), y: Array.from({ length: points }, () => 0) },
    ...Array.from({ length: dots }, () => ({ x: [0], y: [0] })),
  ],
});

const coordinate = fc.integer({ min: -100, max: 100 });
const sketches = fc
  .array(fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 6 }), { maxLength: 4 })
  .map(
    (strokes): Sketch => ({
      strokes: strokes.map((points) => ({ x: points.map(([x]) => x), y: points.map(([, y]) => y) })),
    }),
  );

describe("sequenceStatistics", () => {
  it("counts, and measures in longer sides of the box", () => {
    const sketch: Sketch = {
      strokes: [
        { x: [0, 3, 3], y: [0, 4, 10] },
        { x: [0, 5], y: [10, 10] },
      ],
    };
    const { ink, strokeLength, travel, ...counts } = sequenceStatistics(sketch);
    expect(counts).toEqual({ points: 5, strokes: 2 });
    expect(ink).toBeCloseTo((5 + 6 + 5) / 10, 14);
    expect(strokeLength).toBeCloseTo(0.8, 14);
    expect(travel).toBeCloseTo(0.3, 14);
  });

  it("has lengths of 0 without extent", () => {
    expect(sequenceStatistics({ strokes: [] })).toEqual({
      points: 0,
      strokes: 0,
      strokeLength: 0,
      ink: 0,
      travel: 0,
    });
    const dot = { strokes: [{ x: [4, 4], y: [2, 2] }] };
    expect(sequenceStatistics(dot)).toEqual({ points: 2, strokes: 1, strokeLength: 0, ink: 0, travel: 0 });
  });

  it("does not depend on place and size", () => {
    fc.assert(
      fc.property(
        sketches,
        coordinate,
        coordinate,
        fc.integer({ min: 1, max: 50 }),
        (sketch, right, down, scale) => {
          const moved = mapPoints(sketch, (x, y) => [scale * x + right, scale * y + down]);
          const { ink, strokeLength } = sequenceStatistics(sketch);
          expect(sequenceStatistics(moved).ink).toBeCloseTo(ink, 10);
          expect(sequenceStatistics(moved).strokeLength).toBeCloseTo(strokeLength, 10);
        },
      ),
    );
  });
});

describe("sequenceDistances", () => {
  const real = [dotted(3, 0), dotted(5, 2), dotted(7, 4)];

  it("are shifts in standard deviations of the real drawings", () => {
    // 3, 7 and 11 points, 1, 3 and 5 strokes; one more dot each. Deviations are √(32 / 3) and √(8 / 3).
    const more = [dotted(3, 1), dotted(5, 3), dotted(7, 5)];
    const { points, strokes, strokeLength, ink, travel } = sequenceDistances(real, more);
    expect(points).toBeCloseTo(1 / Math.sqrt(32 / 3), 12);
    expect(strokes).toBeCloseTo(1 / Math.sqrt(8 / 3), 12);
    // The line is as long as the box: ink stays 1; strokes are 1, 1/3 and 1/5 long, then 1/2, 1/4 and 1/6.
    expect(ink).toBe(0);
    // From the line's end to the first dot is its length: 0, 1 and 1 with and without, 1, 1 and 1 with one more.
    expect(travel).toBeCloseTo(1 / 3 / Math.sqrt(2 / 9), 12);
    const mean = (1 + 1 / 3 + 1 / 5) / 3;
    const deviation = Math.sqrt(((1 - mean) ** 2 + (1 / 3 - mean) ** 2 + (1 / 5 - mean) ** 2) / 3);
    expect(strokeLength).toBeCloseTo((1 / 2 + 1 / 12 + 1 / 30) / 3 / deviation, 12);
  });

  it("are 0 for the same drawings in another order and number", () => {
    const twice = [...real.toReversed(), ...real];
    expect(sequenceDistances(real, twice)).toEqual({
      points: 0,
      strokes: 0,
      strokeLength: 0,
      ink: 0,
      travel: 0,
    });
  });

  it("are infinite where real drawings are all equal and generated ones differ", () => {
    expect(sequenceDistances([dotted(3, 0)], [dotted(4, 0)])).toMatchObject({ points: Infinity, strokes: 0 });
  });

  it("need drawings with coordinates", () => {
    expect(() => sequenceDistances(real, [])).toThrow(/found 3 real and 0 generated/);
    const broken = { strokes: [{ x: [0, NaN], y: [0, 1] }] };
    expect(() => sequenceDistances(real, [dotted(2, 0), broken])).toThrow(/in generated drawing 1/);
  });
});
