import { at } from "../../base/at.ts";

/** On a sheet of about 300 x 300, y pointing down. */
export type Point = readonly [x: number, y: number];

/** A line drawn without lifting the pen, as points a few units apart. */
export type Line = readonly Point[];

const SPACING = 3;

const stepsFor = (length: number): number => Math.max(2, Math.ceil(length / SPACING));

export const distance = (a: Point, b: Point): number => Math.hypot(b[0] - a[0], b[1] - a[1]);

export const lengthOf = (line: Line): number =>
  line.reduce((sum, point, i) => sum + distance(line[i - 1] ?? point, point), 0);

/** The point at `part` (0 .. 1, or beyond) of the way from `a` to `b`. */
export const between = (a: Point, b: Point, part: number): Point => [
  a[0] + (b[0] - a[0]) * part,
  a[1] + (b[1] - a[1]) * part,
];

/** Straight from point to point. */
export function straight(start: Point, ...through: Point[]): Line {
  const line = [start];
  let from = start;
  for (const to of through) {
    const steps = stepsFor(distance(from, to));
    for (let step = 1; step <= steps; step++) line.push(between(from, to, step / steps));
    from = to;
  }
  return line;
}

/** A smooth curve through the points (Catmull and Rom 1974). */
export function curve(start: Point, ...others: Point[]): Line {
  const through = [start, ...others];
  const near = (i: number): Point => at(through, Math.min(Math.max(i, 0), others.length));
  const line = [start];
  for (let i = 0; i < others.length; i++) {
    const [a, b, c, d] = [near(i - 1), near(i), near(i + 1), near(i + 2)];
    const steps = stepsFor(distance(b, c) * 1.2);
    for (let step = 1; step <= steps; step++) {
      const u = step / steps;
      const mix = (axis: 0 | 1) =>
        b[axis] +
        (u / 2) * (c[axis] - a[axis]) +
        u ** 2 * (a[axis] - 2.5 * b[axis] + 2 * c[axis] - d[axis] / 2) +
        (u ** 3 / 2) * (3 * b[axis] - a[axis] - 3 * c[axis] + d[axis]);
      line.push([mix(0), mix(1)]);
    }
  }
  return line;
}

/**
 * Part of an oval from one angle to another, in turns: 0 is right, 0.25 below, 0.5 left, 0.75 above, and on.
 * `growth` is how much larger its end is than its beginning.
 */
export function arc(
  [x, y]: Point,
  radiusX: number,
  radiusY: number,
  from: number,
  to: number,
  growth = 0,
): Line {
  const steps = stepsFor(2 * Math.PI * Math.abs(to - from) * Math.max(radiusX, radiusY));
  return Array.from({ length: steps + 1 }, (_, i): Point => {
    const angle = 2 * Math.PI * (from + ((to - from) * i) / steps);
    const size = 1 + (growth * i) / steps;
    return [x + radiusX * size * Math.cos(angle), y + radiusY * size * Math.sin(angle)];
  });
}
