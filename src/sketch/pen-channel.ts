const PEN = 0.6;

/**
 * The pen as a third coordinate, negative while it draws and positive where it is lifted (as in ChiroDiff, Das et al.
 * 2023), 0 at a corner that is known; smaller than the coordinates' spread, so that sampling settles where strokes go before where they end.
 * @param values [points, 2], `pens` [points]; the result is [points, 3].
 */
export function withPen(values: Float32Array, pens: Float32Array): Float32Array {
  const joined = new Float32Array(pens.length * 3);
  for (const [i, pen] of pens.entries())
    joined.set([values[2 * i] ?? 0, values[2 * i + 1] ?? 0, PEN * (2 * pen - 1)], 3 * i);
  return joined;
}

/** The pen that a third coordinate is nearest to: 0 or 1, or 0.5 too where it tells corners. */
export function penOf(coordinate: number, corners: boolean): number {
  if (!corners) return Number(coordinate > 0);
  return Math.abs(coordinate) < PEN / 2 ? 0.5 : Number(coordinate > 0);
}
