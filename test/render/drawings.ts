import fc from "fast-check";
import type { Sketch } from "../../src/sketch/sketch.ts";

/** A house with a door, a dot for a knob and a chimney that was not drawn. */
export const house: Sketch = {
  word: "house",
  strokes: [
    { x: [0, 50, 100], y: [60, 0, 60] },
    { x: [10, 10, 90, 90], y: [60, 130, 130, 60] },
    { x: [40, 40, 60, 60], y: [130, 90, 90, 130] },
    { x: [56], y: [112] },
    { x: [], y: [] },
  ],
};

const coordinate = fc.double({ min: -1e4, max: 1e4, noNaN: true });

/** Any drawing: also without strokes, with strokes without points, dots and repeated points. */
export const anySketch: fc.Arbitrary<Sketch> = fc.record({
  strokes: fc.array(
    fc
      .array(fc.tuple(coordinate, coordinate), { maxLength: 12 })
      .map((points) => ({ x: points.map(([x]) => x), y: points.map(([, y]) => y) })),
    { maxLength: 6 },
  ),
});
