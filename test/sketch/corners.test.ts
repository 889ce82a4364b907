import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withCorners } from "../../src/sketch/corners.ts";
import { rounded } from "../../src/sketch/curve.ts";
import { encodeSketch } from "../../src/sketch/encode.ts";
import { encodings } from "../../src/sketch/encoding.ts";
import { inOrder } from "../../src/sketch/order.ts";
import { simplify } from "../../src/sketch/simplify.ts";
import type { Sketch, Stroke } from "../../src/sketch/sketch.ts";

const circle = (pieces: number, turns = 1): Stroke => {
  const angles = Array.from({ length: pieces + 1 }, (_, i) => (2 * Math.PI * turns * i) / pieces);
  return { x: angles.map((a) => 100 * Math.cos(a)), y: angles.map((a) => 100 * Math.sin(a)) };
};
/** As Quick, Draw! has a polygon of straight sides: the points along them are gone. */
const octagon = circle(8);
const smoothCircle = circle(40);

const cornersOf = (original: Stroke, epsilon: number): readonly boolean[] => {
  const simple = simplify({ strokes: [original] }, epsilon);
  return withCorners(simple, { strokes: [original] }).strokes[0]?.corners ?? [];
};
const inner = (corners: readonly boolean[]) => corners.slice(1, -1);

describe("corners", () => {
  test("are all points of an octagon, which rounded leaves as it is", () => {
    const corners = cornersOf(octagon, 5);
    expect(corners).toHaveLength(9);
    expect(inner(corners).every(Boolean)).toBe(true);
    const kept = { ...octagon, corners };
    expect(rounded({ strokes: [kept] }).strokes[0]).toEqual({ x: octagon.x, y: octagon.y });
  });

  test("are none of a circle's, whose curve comes back to within a third of what straight lines stray", () => {
    const simple = simplify({ strokes: [smoothCircle] }, 5);
    const { strokes } = withCorners(simple, { strokes: [smoothCircle] });
    expect(inner(strokes[0]?.corners ?? [true]).some(Boolean)).toBe(false);
    const radii = ({ x, y }: Stroke) => x.map((px, i) => Math.hypot(px, y[i]));
    // Without the stretches at the ends, which have no neighbour to bend towards.
    const [curve] = rounded({ strokes }).strokes;
    const strayed = Math.max(
      ...radii(curve ?? octagon)
        .slice(9, -9)
        .map((r) => Math.abs(r - 100)),
    );
    expect(strayed).toBeLessThan(5 / 3);
  });

  test("part a box with round corners from one with sharp ones where the turns are alike", () => {
    const half = circle(20, 0.5);
    // A half circle, closed by two straight sides that turn by 45 degrees.
    const shape = { x: [...half.x, -141, 0, 141, 100], y: [...half.y, -41, -100, -41, 0] };
    const simple = simplify({ strokes: [shape] }, 5).strokes[0];
    const corners = cornersOf(shape, 5);
    const isCorner = (px: number, py: number) =>
      corners[simple.x.findIndex((x, i) => x === px && simple.y[i] === py)];
    expect(isCorner(0, -100)).toBe(true);
    const bends = simple.x.map((_, i) => i).filter((i) => simple.y[i] > 50);
    expect(bends.length).toBeGreaterThan(1);
    for (const i of bends) expect(corners[i]).toBe(false);
  });

  const strokes = fc
    .array(fc.tuple(fc.integer({ min: -100, max: 100 }), fc.integer({ min: -100, max: 100 })), {
      minLength: 3,
      maxLength: 24,
    })
    .map((points): Stroke => ({ x: points.map(([x]) => x), y: points.map(([, y]) => y) }));

  test("there is one said of every point, also where points coincide or a line goes back", () => {
    fc.assert(
      fc.property(strokes, fc.integer({ min: 1, max: 60 }), (stroke, epsilon) => {
        const simple = simplify({ strokes: [stroke] }, epsilon).strokes[0];
        const corners = cornersOf(stroke, epsilon);
        expect(corners).toHaveLength(simple.x.length);
        expect([corners[0], corners.at(-1)]).toEqual([false, false]);
      }),
    );
  });

  test("turned round with their stroke", () => {
    const stroke = { x: [30, 20, 10, 0], y: [0, 0, 5, 0], corners: [false, true, false, false] };
    expect(inOrder({ strokes: [stroke] }, "directed").strokes[0]).toEqual({
      x: [0, 10, 20, 30],
      y: [0, 5, 0, 0],
      corners: [false, false, true, false],
    });
  });

  test("survive being written as positions and pens", () => {
    const sketch: Sketch = { strokes: [octagon, smoothCircle] };
    const options = {
      encoding: "position",
      strokeOrder: "drawn",
      points: 48,
      simplify: 5,
      corners: true,
    } as const;
    const encoded = encodeSketch(sketch, options);
    if (encoded === undefined) throw new Error("does not fit");
    const back = encodings.position.decode(encoded.values, encoded.pens, true);
    expect(back.strokes).toHaveLength(2);
    expect(inner(back.strokes[0]?.corners ?? [false]).every(Boolean)).toBe(true);
    expect(inner(back.strokes[1]?.corners ?? [true]).some(Boolean)).toBe(false);
    expect(new Set(encoded.pens)).toEqual(new Set([0, 0.5, 1]));
  });
});
