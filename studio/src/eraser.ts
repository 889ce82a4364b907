import type { Stroke } from "cizgi/web";

/** How far the eraser reaches, in pixels of 256. */
const REACH = 5;

type Point = readonly [number, number];
type Segment = readonly [Point, Point];

/** The lines of a stroke; a dot is a line from itself to itself. */
function segmentsOf({ x, y }: Stroke): Segment[] {
  const points = x.map((value, i): Point => [value, y[i] ?? 0]);
  return points.map((point, i): Segment => [points[i - 1] ?? point, point]).slice(points.length > 1 ? 1 : 0);
}

function toSegment([px, py]: Point, [[ax, ay], [bx, by]]: Segment): number {
  const [dx, dy] = [bx - ax, by - ay];
  const squared = dx * dx + dy * dy;
  const along = squared === 0 ? 0 : Math.min(Math.max(((px - ax) * dx + (py - ay) * dy) / squared, 0), 1);
  return Math.hypot(px - ax - along * dx, py - ay - along * dy);
}

/** Which side of a line a point lies on. */
const side = ([[ax, ay], [bx, by]]: Segment, [px, py]: Point): number =>
  Math.sign((bx - ax) * (py - ay) - (by - ay) * (px - ax));

const cross = (one: Segment, other: Segment): boolean =>
  side(one, other[0]) * side(one, other[1]) < 0 && side(other, one[0]) * side(other, one[1]) < 0;

const meet = (one: Segment, other: Segment): boolean =>
  cross(one, other) ||
  one.some((point) => toSegment(point, other) <= REACH) ||
  other.some((point) => toSegment(point, one) <= REACH);

/** Whether an eraser that goes along a path takes a stroke away. */
export function erases(path: Stroke, stroke: Stroke): boolean {
  const lines = segmentsOf(stroke);
  return segmentsOf(path).some((way) => lines.some((line) => meet(way, line)));
}
