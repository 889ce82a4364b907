import { at } from "../base/at.ts";
import type { Sketch, Stroke } from "./sketch.ts";

/** Turns sharper than this stay corners: a hexagon becomes round, a box stays a box. */
const CORNER = (75 * Math.PI) / 180;
/** Straight pieces that each stretch of a curve is drawn in. */
const PIECES = 8;

/** Curves through the points of every stroke where it bends gently; sharp turns stay corners. The points stay. */
export const rounded = (sketch: Sketch): Sketch => ({
  ...sketch,
  strokes: sketch.strokes.map(roundedStroke),
});

function roundedStroke(stroke: Stroke): Stroke {
  const { x, y } = stroke;
  if (x.length < 3) return stroke;
  const curve = { x: x.slice(0, 1), y: y.slice(0, 1) };
  const corners = x.flatMap((_, i) => (i > 0 && i < x.length - 1 && turn(stroke, i) < CORNER ? [] : [i]));
  let from = 0;
  for (const corner of corners.slice(1)) {
    appendSpline(curve, x.slice(from, corner + 1), y.slice(from, corner + 1));
    from = corner;
  }
  return curve;
}

/** The angle between the directions before and after a point, 0 to π. */
function turn({ x, y }: Stroke, i: number): number {
  const directionTo = (j: number) => Math.atan2(at(y, j) - at(y, j - 1), at(x, j) - at(x, j - 1));
  const difference = Math.abs(directionTo(i + 1) - directionTo(i));
  return Math.min(difference, 2 * Math.PI - difference);
}

/** Adds the curve through the points after the first: a centripetal Catmull-Rom spline, which neither loops nor overshoots. */
function appendSpline(curve: { x: number[]; y: number[] }, x: readonly number[], y: readonly number[]): void {
  for (let i = 0; i + 1 < x.length; i++) {
    const pieces = x.length > 2 ? PIECES : 1;
    // The square root of the distance between neighbours (Yuksel et al. 2011); 0 distances would divide by 0.
    const knot = (j: number) =>
      Math.max(Math.sqrt(Math.hypot(at(x, j + 1) - at(x, j), at(y, j + 1) - at(y, j))), Number.EPSILON);
    const spacing = [
      i > 0 ? knot(i - 1) : knot(i),
      knot(i),
      i + 2 < x.length ? knot(i + 1) : knot(i),
    ] as const;
    for (let piece = 1; piece <= pieces; piece++) {
      curve.x.push(hermite(x, i, spacing, piece / pieces));
      curve.y.push(hermite(y, i, spacing, piece / pieces));
    }
  }
}

/** One coordinate at `u` (0 .. 1) between the values at i and i + 1; the neighbours beyond an end are its mirror image. */
function hermite(
  values: readonly number[],
  i: number,
  spacing: readonly [number, number, number],
  u: number,
): number {
  const [before, own, after] = spacing;
  const [from, to] = [at(values, i), at(values, i + 1)];
  const previous = values[i - 1] ?? 2 * from - to;
  const next = values[i + 2] ?? 2 * to - from;
  const slopeFrom = own * ((from - previous) / before - (to - previous) / (before + own) + (to - from) / own);
  const slopeTo = own * ((to - from) / own - (next - from) / (own + after) + (next - to) / after);
  const a = 2 * from - 2 * to + slopeFrom + slopeTo;
  const b = -3 * from + 3 * to - 2 * slopeFrom - slopeTo;
  return ((a * u + b) * u + slopeFrom) * u + from;
}
