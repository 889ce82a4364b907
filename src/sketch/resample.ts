import type { Sketch, Stroke } from "./sketch.ts";

/**
 * Points along a stroke at equal distances of arc length, from its first point on; its last point always ends it,
 * so the last distance may be shorter and a stroke of one point becomes two equal ones. Times are dropped.
 */
export function resampleStroke({ x, y }: Stroke, spacing: number): Stroke {
  if (!(spacing > 0)) throw new RangeError(`the spacing must be above 0, found ${spacing}`);
  const last = x.length - 1;
  if (last < 0) return { x: [], y: [] };
  let atX = x[0];
  let atY = y[0];
  const newX = [atX];
  const newY = [atY];
  let walked = 0;
  for (let next = 1; next <= last; ) {
    const dx = x[next] - atX;
    const dy = y[next] - atY;
    const left = Math.sqrt(dx * dx + dy * dy);
    if (walked + left < spacing) {
      walked += left;
      atX = x[next];
      atY = y[next];
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
  const walkedAll = newX.length > 1 && newX.at(-1) === x[last] && newY.at(-1) === y[last];
  if (!walkedAll) {
    newX.push(x[last]);
    newY.push(y[last]);
  }
  return { x: newX, y: newY };
}

/** The same drawing with its strokes resampled at `spacing`, in the drawing's unit of length. */
export const resample = (sketch: Sketch, spacing: number): Sketch => ({
  ...sketch,
  strokes: sketch.strokes.map((stroke) => resampleStroke(stroke, spacing)),
});
