import { describe, expect, test } from "vitest";
import { inOrder } from "../../src/sketch/order.ts";
import type { Sketch } from "../../src/sketch/sketch.ts";

const clockwise = { x: [0, 10, 10, 0, 0], y: [0, 0, 10, 10, 0] };
const counterclockwise = { x: [...clockwise.x].reverse(), y: [...clockwise.y].reverse() };

describe("strokes as drawn", () => {
  const sketch = { strokes: [{ x: [9, 0], y: [0, 0] }, counterclockwise] };

  test("stay as they are", () => expect(inOrder(sketch, "drawn")).toEqual(sketch));

  test("are turned into a set direction, in the same order", () => {
    expect(inOrder(sketch, "directed").strokes).toEqual([{ x: [0, 9], y: [0, 0] }, clockwise]);
    expect(inOrder(sketch, "directed", 1).strokes).toEqual([sketch.strokes[0], clockwise]);
  });
});

describe("largest strokes first", () => {
  const largestFirst = (sketch: Sketch, kept?: number) => inOrder(sketch, "size", kept);

  test("sorts strokes by the longer side of their box", () => {
    const small = { x: [0, 1], y: [0, 0] };
    const tall = { x: [0, 0], y: [0, 30] };
    expect(largestFirst({ strokes: [small, clockwise, tall] }).strokes).toEqual([tall, clockwise, small]);
  });

  test("turns outlines clockwise on screen", () => {
    expect(largestFirst({ strokes: [counterclockwise] }).strokes).toEqual([clockwise]);
    expect(largestFirst({ strokes: [clockwise] }).strokes).toEqual([clockwise]);
  });

  test("turns open strokes from left to right, and steep ones from top to bottom", () => {
    expect(largestFirst({ strokes: [{ x: [9, 5, 0], y: [0, 1, 3] }] }).strokes).toEqual([
      { x: [0, 5, 9], y: [3, 1, 0] },
    ]);
    expect(largestFirst({ strokes: [{ x: [0, 1], y: [9, 0] }] }).strokes).toEqual([{ x: [1, 0], y: [0, 9] }]);
  });

  test("leaves strokes at the beginning as they are", () => {
    const small = { x: [1, 0], y: [0, 0] };
    const tall = { x: [0, 0], y: [0, 30] };
    const strokes = [small, counterclockwise, tall];
    expect(largestFirst({ strokes }, 1).strokes).toEqual([small, tall, clockwise]);
    expect(largestFirst({ strokes }, 3).strokes).toEqual(strokes);
  });

  test.each(["drawn", "directed", "size"] as const)(
    "in the order %s changes nothing a second time",
    (order) => {
      const once = inOrder({ strokes: [counterclockwise, { x: [3, 0], y: [1, 1] }] }, order);
      expect(inOrder(once, order)).toEqual(once);
    },
  );
});
