import { at } from "../base/at.ts";
import type { Sketch, Stroke } from "./sketch.ts";

/**
 * Points along a stroke at equal distances of arc length, from its first point on; its last point always ends it,
 * so the last distance may be shorter and a stroke of one point becomes two equal ones. Times are dropped.
 */
export function resampleStroke({ x, y }: Stroke, spacing: number): Stroke {
  if (!(spacing > 0)) throw new RangeError(`the spacing must be above 0, found ${spacing}`);
  let [atX] = x;
  let [atY] = y;
  if (atX === undefined || atY === undefined) return { x: [], y: [] };
  const last = x.length - 1;
  const [endX, endY] = [at(x, last), at(y, last)];
  const newX = [atX];
  const newY = [atY];
  let walked = 0;
  for (let next = 1; next <= last; ) {
    const toX = x[next] ?? Number.NaN;
    const toY = y[next] ?? Number.NaN;
    const dx = toX - atX;
    const dy = toY - atY;
    const left = Math.sqrt(dx * dx + dy * dy);
    if (walked + left < spacing) {
      walked += left;
      atX = toX;
      atY = toY;
      next++;
    } else {
      const part = (spacing - walked) / left;
      atX += dx * part;
      atY += dy * part;
      newX.push(atX);
      newY.push(atY);
      walked = 0;
    }
  }
  const walkedAll = newX.length > 1 && newX.at(-1) === endX && newY.at(-1) === endY;
  if (!walkedAll) {
    newX.push(endX);
    newY.push(endY);
  }
  return { x: newX, y: newY };
}

/** The same drawing with its strokes resampled at `spacing`, in the drawing's unit of length. */
export const resample = (sketch: Sketch, spacing: number): Sketch => ({
  ...sketch,
  strokes: sketch.strokes.map((stroke) => resampleStroke(stroke, spacing)),
});
