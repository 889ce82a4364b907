import { at } from "../../base/at.ts";
import { equallySpaced } from "../../sketch/equally-spaced.ts";
import { inOrder } from "../../sketch/order.ts";
import { inUnitBox } from "../../sketch/position.ts";
import type { Sketch, Stroke } from "../../sketch/sketch.ts";
import type { StrokeSettings } from "./settings.ts";

/** What says how strokes are written as numbers. */
export type StrokeForm = Pick<StrokeSettings, "points" | "frequencies">;

/** Numbers of a stroke: where it starts, the logarithm of its size, and its shape, the x of all frequencies before their y. */
export const numbersOf = ({ frequencies }: Pick<StrokeForm, "frequencies">): number => 3 + 2 * frequencies;

/** Smaller strokes are dots, of any shape; in units of the drawing, whose longer side is 2. */
const DOT = 0.02;

/** cos(π k u) of the point at a place, for frequency k = 1, 2, …; the points are at u = 1/2, 3/2, … of `points`. */
const cosine = (frequency: number, point: number, points: number): number =>
  Math.cos((Math.PI * frequency * (point + 0.5)) / points);

/**
 * A stroke as numbers [3 + 2 frequencies]: points at equal distances of arc length, of these the lowest frequencies of
 * their cosine transform (Ahmed et al. 1974), divided by the root of the sum of their squares, the stroke's size. Small
 * strokes are as exact as large ones, and no noise makes a line jagged.
 */
export function numbersOfStroke(stroke: Stroke, { points, frequencies }: StrokeForm): Float32Array {
  const { x, y } = equallySpaced(stroke, points);
  const transformed = [x, y].flatMap((values) =>
    Array.from({ length: frequencies }, (_, i) =>
      values.reduce((sum, value, point) => sum + (2 / points) * value * cosine(i + 1, point, points), 0),
    ),
  );
  const size = Math.max(Math.hypot(...transformed), DOT);
  return Float32Array.from([at(x, 0), at(y, 0), Math.log(size), ...transformed.map((value) => value / size)]);
}

/** The stroke of numbers, in so many points; it starts where they say. */
export function strokeOfNumbers(numbers: Float32Array, { points, frequencies }: StrokeForm): Stroke {
  const size = Math.exp(at(numbers, 2));
  const along = (start: number, shape: Float32Array): number[] =>
    Array.from({ length: points }, (_, point) =>
      shape.reduce(
        (sum, value, i) => sum + size * value * (cosine(i + 1, point, points) - cosine(i + 1, 0, points)),
        start,
      ),
    );
  return {
    x: along(at(numbers, 0), numbers.subarray(3, 3 + frequencies)),
    y: along(at(numbers, 1), numbers.subarray(3 + frequencies, 3 + 2 * frequencies)),
  };
}

/** The numbers of all strokes of a drawing in order, each at its place: [strokes, 3 + 2 frequencies]. */
export function numbersOfStrokes(
  sketch: Sketch,
  settings: StrokeForm & Pick<StrokeSettings, "strokeOrder">,
): Float32Array {
  const size = numbersOf(settings);
  const { strokes } = inOrder(sketch, settings.strokeOrder);
  const numbers = new Float32Array(strokes.length * size);
  for (const [i, stroke] of strokes.entries()) numbers.set(numbersOfStroke(stroke, settings), i * size);
  return numbers;
}

/**
 * A drawing as the numbers of its strokes, its longer side from -1 to 1; strokes of one point are dropped.
 * @returns undefined for a drawing without strokes and for one of too many: half a drawing would teach half drawings.
 */
export function encodeDrawing(sketch: Sketch, settings: StrokeSettings): Float32Array | undefined {
  const kept = sketch.strokes.filter(({ x }) => x.length > 1);
  if (kept.length === 0 || kept.length > settings.strokes) return undefined;
  return numbersOfStrokes(inUnitBox({ strokes: kept }), settings);
}

/** How the flag says "this is the last stroke", and the opposite that it is not. */
const LAST = 1;

/** What is diffused: the numbers of a stroke, and a flag whether it is the last. */
export const rowSize = (form: Pick<StrokeForm, "frequencies">): number => numbersOf(form) + 1;

export function rowOf(numbers: Float32Array, isLast: boolean): Float32Array {
  const row = new Float32Array(numbers.length + 1);
  row.set(numbers);
  row[numbers.length] = isLast ? LAST : -LAST;
  return row;
}

export const fromRow = (row: Float32Array) => ({
  numbers: row.slice(0, -1),
  isLast: at(row, row.length - 1) > 0,
});
