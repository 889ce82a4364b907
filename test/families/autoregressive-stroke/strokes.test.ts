import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  encodeDrawing,
  fromRow,
  numbersOf,
  numbersOfStroke,
  numbersOfStrokes,
  rowOf,
  strokeOfNumbers,
} from "../../../src/families/autoregressive-stroke/strokes.ts";
import { equallySpaced } from "../../../src/sketch/equally-spaced.ts";
import type { Stroke } from "../../../src/sketch/sketch.ts";
import { expectClose } from "../../graph/check.ts";
import { strokes } from "../../sketch/arbitrary.ts";
import { tiny } from "./tiny.ts";

const form = { points: 32, frequencies: 15 };
const circle: Stroke = {
  x: Array.from({ length: 65 }, (_, i) => Math.cos((2 * Math.PI * i) / 64)),
  y: Array.from({ length: 65 }, (_, i) => Math.sin((2 * Math.PI * i) / 64)),
};

const isLine = ({ x, y }: Stroke) => x.some((value) => value !== x[0]) || y.some((value) => value !== y[0]);

describe("a stroke as numbers", () => {
  test("is where it starts, its size and a shape of size 1", () => {
    const numbers = numbersOfStroke(circle, form);
    expect(numbers).toHaveLength(numbersOf(form));
    expect(Array.from(numbers.subarray(0, 2))).toEqual([1, 0]);
    expect(Math.hypot(...numbers.subarray(3))).toBeCloseTo(1, 6);
    // A point on the circle is at distance 1 from its middle: by Parseval half of the squares' sum.
    expect(Math.exp(numbers[2])).toBeCloseTo(Math.SQRT2, 1);
  });

  test("of a straight line has no even frequency", () => {
    const numbers = numbersOfStroke({ x: [-1, 1], y: [3, 3] }, form);
    for (let i = 1; i < form.frequencies; i += 2) expect(numbers[3 + i]).toBeCloseTo(0, 6);
    for (const y of numbers.subarray(3 + form.frequencies)) expect(y).toBeCloseTo(0, 6);
  });

  test("is the stroke again where all frequencies are kept", () => {
    const whole = { points: 12, frequencies: 11 };
    fc.assert(
      fc.property(strokes(2, 6).filter(isLine), (stroke) => {
        const again = strokeOfNumbers(numbersOfStroke(stroke, whole), whole);
        const spaced = equallySpaced(stroke, whole.points);
        expectClose(again.x, spaced.x, 1e-5, "x");
        expectClose(again.y, spaced.y, 1e-5, "y");
      }),
    );
  });

  test("is the stroke to a fiftieth of its width where the lowest are kept, and starts where it does", () => {
    const again = strokeOfNumbers(numbersOfStroke(circle, form), form);
    const spaced = equallySpaced(circle, form.points);
    expect([again.x[0], again.y[0]]).toEqual([1, 0]);
    for (const [i, x] of again.x.entries())
      expect(Math.hypot(x - spaced.x[i], again.y[i] - spaced.y[i])).toBeLessThan(2 / 50);
  });

  test("keeps its shape when it is moved and made larger", () => {
    fc.assert(
      fc.property(strokes(2, 6).filter(isLine), fc.integer({ min: 1, max: 9 }), (stroke, scale) => {
        const moved = { x: stroke.x.map((x) => scale * x + 5), y: stroke.y.map((y) => scale * y - 3) };
        const [before, after] = [stroke, moved].map((each) => numbersOfStroke(each, form));
        expectClose(after.subarray(3), before.subarray(3), 1e-4, "shape");
        expect(after[2] - before[2]).toBeCloseTo(Math.log(scale), 4);
        expect([after[0], after[1]]).toEqual([moved.x[0], moved.y[0]]);
      }),
    );
  });

  test("of a dot is a dot", () => {
    const { x, y } = strokeOfNumbers(numbersOfStroke({ x: [4, 4], y: [9, 9] }, form), form);
    for (const value of x) expect(value).toBeCloseTo(4, 9);
    for (const value of y) expect(value).toBeCloseTo(9, 9);
  });

  test("and whether it is the last is a row", () => {
    const numbers = numbersOfStroke(circle, form);
    for (const isLast of [true, false]) expect(fromRow(rowOf(numbers, isLast))).toEqual({ numbers, isLast });
  });
});

describe("a drawing as the numbers of its strokes", () => {
  const line = { x: [0, 10], y: [0, 20] };

  test("has its strokes where they are, from -1 to 1 along its longer side", () => {
    const drawing = { strokes: [line, { x: [10, 0], y: [0, 0] }] };
    const numbers = encodeDrawing(drawing, { ...tiny, strokeOrder: "drawn" }) ?? new Float32Array();
    const size = numbersOf(tiny);
    expect(Array.from([0, size].flatMap((at) => [numbers[at], numbers[at + 1]]))).toEqual([
      -0.5, -1, 0.5, -1,
    ]);
  });

  test("has them in the direction that the network draws in", () => {
    const backwards = { strokes: [{ x: [10, 0], y: [0, 0] }] };
    const [directed, drawn] = (["directed", "drawn"] as const).map((strokeOrder) =>
      numbersOfStrokes(backwards, { ...tiny, strokeOrder }),
    );
    expect([directed[0], drawn[0]]).toEqual([0, 10]);
  });

  test("is left out where it has no stroke or too many; dots of one point do not count", () => {
    const dot = { x: [1], y: [1] };
    const encoded = (list: readonly Stroke[]) => encodeDrawing({ strokes: list }, tiny);
    expect(encoded([])).toBeUndefined();
    expect(encoded([dot])).toBeUndefined();
    expect(encoded(Array(6).fill(line))).toBeUndefined();
    expect(encoded([dot, ...Array(5).fill(line)])).toHaveLength(5 * numbersOf(tiny));
  });
});
