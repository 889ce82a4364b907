import { at } from "../base/at.ts";

/** One value of a curve, for example the loss of a training step. */
export interface CurvePoint {
  readonly step: number;
  readonly loss: number;
}

const median = (values: readonly number[]): number => {
  const sorted = Float64Array.from(values).sort();
  const middle = (sorted.length - 1) / 2;
  return (at(sorted, Math.floor(middle)) + at(sorted, Math.ceil(middle))) / 2;
};

/**
 * Medians over up to `reach` values on each side, at about `count` places spread evenly, the first and the last
 * among them; a spike leaves them alone. Near the beginning the window shrinks on both sides, so that a steep start
 * is not flattened; at the end it looks back only, so that the last value is steady.
 */
export function movingMedian(points: readonly CurvePoint[], reach: number, count: number): CurvePoint[] {
  const stride = Math.max(1, Math.floor(points.length / count));
  const smooth: CurvePoint[] = [];
  for (let end = points.length - 1; end >= 0; end -= stride) {
    const i = end < stride ? 0 : end;
    const first = Math.max(0, i - reach);
    const window = points.slice(first, 2 * i - first + 1);
    smooth.push({ step: at(points, i).step, loss: median(window.map(({ loss }) => loss)) });
  }
  return smooth.reverse();
}

/** At most about `count` points that look the same when drawn: the least and the greatest of each stretch. */
export function thin(points: readonly CurvePoint[], count: number): CurvePoint[] {
  if (points.length <= count) return [...points];
  const stretch = Math.ceil((2 * points.length) / count);
  const kept: CurvePoint[] = [];
  for (let start = 0; start < points.length; start += stretch) {
    const part = points.slice(start, start + stretch);
    let low = at(part, 0);
    let high = low;
    for (const point of part) {
      if (point.loss < low.loss) low = point;
      if (point.loss > high.loss) high = point;
    }
    kept.push(...part.filter((point) => point === low || point === high));
  }
  return kept;
}
