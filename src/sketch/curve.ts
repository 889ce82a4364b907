import { at } from "../base/at.ts";
import type { Sketch, Stroke } from "./sketch.ts";

/** Where corners are not known, turns sharper than this are some: a hexagon becomes round, a box stays a box. */
const CORNER = (75 * Math.PI) / 180;
/** Straight pieces that each stretch of a curve is drawn in. */
const PIECES = 8;

/** Curves through the points of every stroke; its corners stay, or sharp turns where its corners are not known. The points stay. */
export const rounded = (sketch: Sketch): Sketch => ({
  ...sketch,
  strokes: sketch.strokes.map(roundedStroke),
});

function roundedStroke(stroke: Stroke): Stroke {
  const { x, y, corners = sharpTurns(stroke) } = stroke;
  const curve = { x: x.slice(0, 1), y: y.slice(0, 1) };
  for (let i = 0; i + 1 < x.length; i++) {
    const { x: curveX, y: curveY } = segment({ x, y }, i, isCorner(corners, i), isCorner(corners, i + 1));
    curve.x.push(...curveX);
    curve.y.push(...curveY);
  }
  return curve;
}

/** Lines end at their ends, whatever is said of them. */
const isCorner = (corners: readonly boolean[], i: number): boolean =>
  i === 0 || i === corners.length - 1 || at(corners, i);

const sharpTurns = (stroke: Stroke): boolean[] =>
  stroke.x.map((_, i) => i > 0 && i < stroke.x.length - 1 && turn(stroke, i) >= CORNER);

/** The angle between the directions before and after a point, 0 to π. */
function turn({ x, y }: Stroke, i: number): number {
  const directionTo = (j: number) => Math.atan2(at(y, j) - at(y, j - 1), at(x, j) - at(x, j - 1));
  const difference = Math.abs(directionTo(i + 1) - directionTo(i));
  return Math.min(difference, 2 * Math.PI - difference);
}

/**
 * The points after the i-th up to the next: straight between two corners, else on the centripetal Catmull-Rom spline, which
 * neither loops nor overshoots. What lies beyond a corner does not bend it.
 */
export function segment({ x, y }: Stroke, i: number, fromCorner: boolean, toCorner: boolean): Stroke {
  if (fromCorner && toCorner) return { x: x.slice(i + 1, i + 2), y: y.slice(i + 1, i + 2) };
  // The square root of the distance between neighbours (Yuksel et al. 2011); 0 distances would divide by 0.
  const knot = (j: number) =>
    Math.max(Math.sqrt(Math.hypot(at(x, j + 1) - at(x, j), at(y, j + 1) - at(y, j))), Number.EPSILON);
  const own = knot(i);
  const spacing = [fromCorner ? own : knot(i - 1), own, toCorner ? own : knot(i + 1)] as const;
  const along = (values: readonly number[]) => {
    const previous = fromCorner ? undefined : at(values, i - 1);
    const next = toCorner ? undefined : at(values, i + 2);
    return Array.from({ length: PIECES }, (_, piece) =>
      hermite([previous, at(values, i), at(values, i + 1), next], spacing, (piece + 1) / PIECES),
    );
  };
  return { x: along(x), y: along(y) };
}

/** One coordinate at `u` (0 .. 1) between the middle two values; a neighbour that is missing is the mirror image of the other. */
function hermite(
  [before, from, to, after]: readonly [number | undefined, number, number, number | undefined],
  [spaceBefore, own, spaceAfter]: readonly [number, number, number],
  u: number,
): number {
  const previous = before ?? 2 * from - to;
  const next = after ?? 2 * to - from;
  const slopeFrom =
    own * ((from - previous) / spaceBefore - (to - previous) / (spaceBefore + own) + (to - from) / own);
  const slopeTo = own * ((to - from) / own - (next - from) / (own + spaceAfter) + (next - to) / spaceAfter);
  const a = 2 * from - 2 * to + slopeFrom + slopeTo;
  const b = -3 * from + 3 * to - 2 * slopeFrom - slopeTo;
  return ((a * u + b) * u + slopeFrom) * u + from;
}
