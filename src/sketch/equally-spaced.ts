import { at } from "../base/at.ts";
import type { Stroke } from "./sketch.ts";

/**
 * So many points along a stroke at equal distances of arc length, both its ends among them; a dot is the same point as
 * often. Times are dropped.
 */
export function equallySpaced({ x, y }: Stroke, points: number): Stroke {
  const walked = [0];
  for (let i = 1; i < x.length; i++)
    walked.push(at(walked, i - 1) + Math.hypot(at(x, i) - at(x, i - 1), at(y, i) - at(y, i - 1)));
  const spacing = at(walked, x.length - 1) / (points - 1);
  let piece = 0;
  const places = Array.from({ length: points }, (_, i) => {
    while (piece < x.length - 2 && at(walked, piece + 1) < i * spacing) piece++;
    const start = at(walked, piece);
    const length = (walked[piece + 1] ?? start) - start;
    return { piece, share: length > 0 ? Math.min((i * spacing - start) / length, 1) : 0 };
  });
  const along = (values: readonly number[]) =>
    places.map(({ piece: from, share }) => {
      const value = at(values, from);
      return value + share * ((values[from + 1] ?? value) - value);
    });
  return { x: along(x), y: along(y) };
}
