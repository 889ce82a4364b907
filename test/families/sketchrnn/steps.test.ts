import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeSteps, scaled, sketchOf, stepsOf } from "../../../src/families/sketchrnn/steps.ts";
import { stroke5 } from "../../../src/families/sketchrnn/stroke5.ts";
import { boundsOf, mapPoints, pointCount, type Sketch } from "../../../src/sketch/sketch.ts";

/** Strokes of two to five points on whole numbers, so that offsets are exact. */
const strokes = fc.array(
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 255 })), {
      minLength: 2,
      maxLength: 5,
    })
    .map((points) => ({ x: points.map(([x]) => x), y: points.map(([, y]) => y) })),
  { minLength: 1, maxLength: 4 },
);
const encoding = { points: 20, simplify: 0, strokeOrder: "drawn" } as const;
const square: Sketch = { strokes: [{ x: [0, 51, 51, 0, 0], y: [0, 0, 51, 51, 0] }] };

describe("the steps of a drawing", () => {
  test("lead back to it, from its first point at the origin", () =>
    fc.assert(
      fc.property(strokes, (drawn) => {
        const [x, y] = [drawn[0]?.x[0] ?? 0, drawn[0]?.y[0] ?? 0];
        const there = mapPoints({ strokes: drawn }, (px, py) => [px - x, py - y]);
        const found = sketchOf(stepsOf({ strokes: drawn }));
        expect(found).toEqual(there);
      }),
    ));

  test("are one fewer than its points; strokes of one point are none", () => {
    const dotted: Sketch = { strokes: [...square.strokes, { x: [7], y: [7] }, { x: [1, 2], y: [3, 4] }] };
    const { offsets, pens } = stepsOf(dotted);
    expect([...offsets]).toEqual([51, 0, 0, 51, -51, 0, 0, -51, 1, 3, 1, 1]);
    expect([...pens]).toEqual([0, 0, 0, 1, 0, 1]);
    expect(stepsOf({ strokes: [] }).pens).toHaveLength(0);
  });

  test("after a lifted pen begin a stroke, after one that is down they go on with it", () => {
    const steps = { offsets: Float32Array.of(5, 0, 5, 0), pens: Float32Array.of(0, 1) };
    expect(sketchOf(steps, 1).strokes).toEqual([{ x: [5, 10], y: [0, 0] }]);
    expect(sketchOf(steps, 0).strokes).toEqual([{ x: [0, 5, 10], y: [0, 0, 0] }]);
  });

  test("of a training drawing are those of its longer side at 255", () => {
    const steps = encodeSteps(square, encoding);
    expect(steps && [...steps.offsets]).toEqual([255, 0, 0, 255, -255, 0, 0, -255]);
    const bounds = steps && boundsOf(sketchOf(scaled(steps, 0.5)));
    expect(bounds && bounds.maxX - bounds.minX).toBe(127.5);
  });

  test("are none where the drawing has too many points, or only two", () => {
    expect(encodeSteps(square, { ...encoding, points: 5 })?.pens).toHaveLength(4);
    expect(encodeSteps(square, { ...encoding, points: 4 })).toBeUndefined();
    expect(encodeSteps({ strokes: [{ x: [0, 1], y: [0, 1] }] }, encoding)).toBeUndefined();
  });
});

test("the network is given zeros, the steps, then the end", () =>
  fc.assert(
    fc.property(strokes, (drawn) => {
      const steps = stepsOf({ strokes: drawn });
      const rows = pointCount({ strokes: drawn }) + 2;
      const written = stroke5(steps, rows);
      const row = (i: number) => [...written.subarray(5 * i, 5 * i + 5)];
      expect(row(0)).toEqual([0, 0, 0, 0, 0]);
      for (const [i, pen] of steps.pens.entries())
        expect(row(i + 1)).toEqual([steps.offsets[2 * i], steps.offsets[2 * i + 1], 1 - pen, pen, 0]);
      expect([row(rows - 2), row(rows - 1)]).toEqual([
        [0, 0, 0, 0, 1],
        [0, 0, 0, 0, 1],
      ]);
    }),
  ));
