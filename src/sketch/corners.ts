import { at } from "../base/at.ts";
import { segment } from "./curve.ts";
import type { Sketch, Stroke } from "./sketch.ts";

/** Places on each side of a stretch at which its distance from the other is taken. */
const SAMPLES = 4;
/** What a corner must save, as a deviation along its two stretches and as a share of their length: less is an accident. */
const PRICE = 0.02;

/** What ways lead to a point, as a corner or not, and how far the line has strayed on the better one. */
interface Way {
  readonly strayed: number;
  /** Of all points before. */
  readonly corners: readonly boolean[];
}

/**
 * A simplified drawing, with which of its points are corners of the drawing that it was made from: those that `rounded`
 * must leave alone to draw what comes nearest to it.
 * @param original of the same strokes, whose points the simplified ones are some of.
 */
export const withCorners = (simplified: Sketch, original: Sketch): Sketch => ({
  ...simplified,
  strokes: simplified.strokes.map((stroke, i) => ({
    ...stroke,
    corners: cornersOf(stroke, at(original.strokes, i)),
  })),
});

/**
 * The best choice for a whole stroke, point after point (Viterbi 1967): how far a stretch strays from the original depends
 * on nothing but what its two ends are.
 */
function cornersOf(stroke: Stroke, original: Stroke): boolean[] {
  const { x } = stroke;
  const last = x.length - 1;
  if (last < 2) return x.map(() => false);
  const places = placesIn(original, stroke);
  let smooth: Way | undefined;
  // A stroke's ends are where its curve ends, like corners; they are not told as such.
  let corner: Way = { strayed: 0, corners: [] };
  for (let i = 0; i < last; i++) {
    const part = stretch(original, at(places, i), at(places, i + 1));
    const length = lengthOf(part);
    const price = (PRICE * length) ** 2 * length;
    const to = (toCorner: boolean): Way => {
      const after = (way: Way, fromCorner: boolean): number =>
        way.strayed + distance(part, drawn(stroke, i, fromCorner, toCorner));
      const bent = smooth === undefined ? Infinity : after(smooth, false);
      const turned = after(corner, true) + (i > 0 ? price : 0);
      return smooth === undefined || turned < bent
        ? { strayed: turned, corners: [...corner.corners, i > 0] }
        : { strayed: bent, corners: [...smooth.corners, false] };
    };
    [smooth, corner] = [i + 1 < last ? to(false) : undefined, to(true)];
  }
  return [...corner.corners, false];
}

/** Where in the original the points of the simplified stroke are. */
function placesIn({ x, y }: Stroke, simplified: Stroke): number[] {
  const places: number[] = [];
  let from = 0;
  for (const [i, px] of simplified.x.entries()) {
    const isLast = i === simplified.x.length - 1;
    const place = isLast
      ? x.length - 1
      : x.findIndex((value, j) => j >= from && value === px && y[j] === simplified.y[i]);
    if (place < from) throw new Error("corners: a point of the simplified stroke is not one of the original");
    places.push(place);
    from = place;
  }
  return places;
}

const stretch = ({ x, y }: Stroke, from: number, to: number): Stroke => ({
  x: x.slice(from, to + 1),
  y: y.slice(from, to + 1),
});

/** A stretch of the curve, both its ends included. */
function drawn(stroke: Stroke, i: number, fromCorner: boolean, toCorner: boolean): Stroke {
  const { x, y } = segment(stroke, i, fromCorner, toCorner);
  return { x: [at(stroke.x, i), ...x], y: [at(stroke.y, i), ...y] };
}

const lengthOf = ({ x, y }: Stroke): number =>
  x.reduce((sum, toX, i) => (i === 0 ? 0 : sum + Math.hypot(toX - at(x, i - 1), at(y, i) - at(y, i - 1))), 0);

/** Squared distances of points of each from the other, times the length that they stand for. */
const distance = (a: Stroke, b: Stroke): number => strayed(a, b) + strayed(b, a);

function strayed(from: Stroke, other: Stroke): number {
  const lengths = from.x.map((toX, i) =>
    i === 0 ? 0 : Math.hypot(toX - at(from.x, i - 1), at(from.y, i) - at(from.y, i - 1)),
  );
  const total = lengths.reduce((sum, length) => sum + length, 0);
  let squares = 0;
  let edge = 1;
  let passed = 0;
  for (let k = 0; k < SAMPLES; k++) {
    const along = ((k + 0.5) / SAMPLES) * total;
    while (edge < lengths.length - 1 && passed + at(lengths, edge) < along) passed += at(lengths, edge++);
    const share = at(lengths, edge) > 0 ? (along - passed) / at(lengths, edge) : 0;
    const between = (values: readonly number[]) =>
      at(values, edge - 1) + share * (at(values, edge) - at(values, edge - 1));
    squares += squaredDistance(between(from.x), between(from.y), other);
  }
  return (squares / SAMPLES) * total;
}

/** From a point to the nearest one of a line. */
function squaredDistance(px: number, py: number, { x, y }: Stroke): number {
  let least = Infinity;
  for (let i = 1; i < x.length; i++) {
    const [fromX, fromY] = [at(x, i - 1), at(y, i - 1)];
    const [dx, dy] = [at(x, i) - fromX, at(y, i) - fromY];
    const squared = dx * dx + dy * dy;
    const along = squared > 0 ? ((px - fromX) * dx + (py - fromY) * dy) / squared : 0;
    const share = Math.max(0, Math.min(1, along));
    least = Math.min(least, (px - fromX - share * dx) ** 2 + (py - fromY - share * dy) ** 2);
  }
  return least;
}
