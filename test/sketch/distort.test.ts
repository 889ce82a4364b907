import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/base/random.ts";
import { distort } from "../../src/sketch/distort.ts";
import type { Sketch } from "../../src/sketch/sketch.ts";
import { sketches } from "./arbitrary.ts";

const seeds = fc.nat();
const coordinate = fc.double({ min: -255, max: 255, noNaN: true });
const point = fc.tuple(coordinate, coordinate);
/** Some ten roundings of coordinates of up to 1500: 10 x 1500 x 2^-53, and some room. */
const ROUNDING = 1e-11;

/** Where each of the points goes. */
function images(seed: number, points: readonly (readonly [number, number])[]): [number, number][] {
  const sketch = { strokes: [{ x: points.map(([x]) => x), y: points.map(([, y]) => y) }] };
  const [{ x, y }] = distort(sketch, randomStream(seed)).strokes;
  return x.map((value, i) => [value, y[i]]);
}

/** The map's columns, with what it is made of: its mirror, angle, stretch and slant. */
function partsOf(seed: number) {
  const [[xx, yx], [xy, yy]] = images(seed, [
    [1, 0],
    [0, 1],
  ]);
  const area = xx * yy - xy * yx;
  const mirror = Math.sign(area);
  const stretch = Math.hypot(xx, yx);
  const [cos, sin] = [(mirror * xx) / stretch, (mirror * yx) / stretch];
  return { area, mirror, stretch, angle: Math.atan2(sin, cos), slant: xy * cos + yy * sin };
}

describe("distort", () => {
  it("gives the same drawing for the same stream and another for another", () => {
    const sketch: Sketch = { strokes: [{ x: [0, 30, 200], y: [10, 255, 3] }] };
    expect(distort(sketch, randomStream(7, 1))).toEqual(distort(sketch, randomStream(7, 1)));
    expect(distort(sketch, randomStream(7, 1))).not.toEqual(distort(sketch, randomStream(7, 2)));
  });

  it("is affine: the middle stays the middle, parallelograms stay parallelograms", () => {
    fc.assert(
      fc.property(seeds, point, point, point, (seed, a, b, c) => {
        const middle = [(a[0] + c[0]) / 2, (a[1] + c[1]) / 2] as const;
        const fourth = [a[0] + c[0] - b[0], a[1] + c[1] - b[1]] as const;
        const [a1, b1, c1, middle1, fourth1] = images(seed, [a, b, c, middle, fourth]);
        for (const axis of [0, 1]) {
          expect(Math.abs(middle1[axis] - (a1[axis] + c1[axis]) / 2)).toBeLessThan(ROUNDING);
          expect(Math.abs(fourth1[axis] - (a1[axis] + c1[axis] - b1[axis]))).toBeLessThan(ROUNDING);
        }
      }),
    );
  });

  it("turns by at most 0.25 rad, stretches by at most 1.3 and slants by at most 0.2", () => {
    for (let seed = 0; seed < 2000; seed++) {
      const { area, stretch, angle, slant } = partsOf(seed);
      expect(Math.abs(angle)).toBeLessThanOrEqual(0.25 + ROUNDING);
      expect(Math.abs(Math.log(stretch))).toBeLessThanOrEqual(Math.log(1.3) + ROUNDING);
      expect(Math.abs(slant)).toBeLessThanOrEqual(0.2 + ROUNDING);
      // Neither turning, mirroring nor slanting changes an area.
      expect(Math.abs(area)).toBeCloseTo(stretch, 12);
    }
  });

  it("goes near all of its bounds", () => {
    const parts = Array.from({ length: 2000 }, (_, seed) => partsOf(seed));
    const range = (of: readonly number[]) => [Math.min(...of), Math.max(...of)];
    // 2000 uniform numbers miss the outer 1 % on a side with a probability of 2e-9.
    const expectNear = (found: readonly number[], bound: number) => {
      expect(found[0]).toBeLessThan(-0.98 * bound);
      expect(found[1]).toBeGreaterThan(0.98 * bound);
    };
    expectNear(range(parts.map(({ angle }) => angle)), 0.25);
    expectNear(range(parts.map(({ stretch }) => Math.log(stretch))), Math.log(1.3));
    expectNear(range(parts.map(({ slant }) => slant)), 0.2);
  });

  it("mirrors half of the drawings", () => {
    const count = 4000;
    const mirrored = Array.from({ length: count }, (_, seed) => partsOf(seed).mirror).filter((m) => m < 0);
    const standardError = 0.5 / Math.sqrt(count);
    expect(Math.abs(mirrored.length / count - 0.5)).toBeLessThan(4 * standardError);
  });

  it("keeps strokes, points, times and labels, and leaves its input as it was", () => {
    fc.assert(
      fc.property(sketches(4, 1, 6), seeds, (drawn, seed) => {
        const sketch: Sketch = {
          word: "cat",
          keyId: "5",
          recognized: true,
          strokes: drawn.strokes.map((stroke) => ({ ...stroke, t: stroke.x.map((_, i) => 10 * i) })),
        };
        const before = structuredClone(sketch);
        const { strokes, ...labels } = distort(sketch, randomStream(seed));
        expect(sketch).toEqual(before);
        expect(labels).toEqual({ word: "cat", keyId: "5", recognized: true });
        expect(strokes.map(({ x, y, t }) => [x.length, y.length, t])).toEqual(
          before.strokes.map(({ x, y, t }) => [x.length, y.length, t]),
        );
      }),
    );
  });
});
