import fc from "fast-check";
import type { Sketch, Stroke } from "../../src/sketch/sketch.ts";

const coordinate = fc.integer({ min: 0, max: 255 });

/** Strokes of `min` to `max` points on Quick, Draw!'s grid. */
export const strokes = (min: number, max: number): fc.Arbitrary<Stroke> =>
  fc
    .array(fc.tuple(coordinate, coordinate), { minLength: min, maxLength: max })
    .map((points) => ({ x: points.map(([x]) => x), y: points.map(([, y]) => y) }));

/** Drawings of up to `most` such strokes. */
export const sketches = (most: number, min: number, max: number): fc.Arbitrary<Sketch> =>
  fc.array(strokes(min, max), { maxLength: most }).map((list) => ({ strokes: list }));
