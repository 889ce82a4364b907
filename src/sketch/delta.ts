import type { Sketch, Stroke } from "./sketch.ts";

/**
 * A drawing as a sequence of fixed length, the form that SketchKnitter (Wang et al. 2023) diffuses:
 * steps from point to point, beside them whether the pen is lifted after the point.
 */
export interface DeltaSketch {
  /** (dx, dy) of every point, interleaved, [points, 2]; the first point's is its position. Zero on padding. */
  readonly deltas: Float32Array;
  /** [points]: 1 on the last point of a stroke and on padding, else 0. */
  readonly pens: Float32Array;
  /** Points of the drawing, 3 .. points; the rest is padding. */
  readonly length: number;
}

const SHORTEST_STROKE = 2;
const SHORTEST_SKETCH = 3;

/**
 * Encodes a drawing in `points` steps: strokes of one point are dropped, points beyond `points` cut off.
 * @returns undefined for a drawing that has fewer than 3 points left.
 */
export function encodeDeltas(sketch: Sketch, points = 128): DeltaSketch | undefined {
  const deltas = new Float32Array(points * 2);
  const pens = new Float32Array(points).fill(1);
  let length = 0;
  let fromX = 0;
  let fromY = 0;
  for (const { x, y } of sketch.strokes) {
    if (x.length < SHORTEST_STROKE) continue;
    const kept = Math.min(x.length, points - length);
    for (let i = 0; i < kept; i++) {
      const toX = x[i] ?? Number.NaN;
      const toY = y[i] ?? Number.NaN;
      deltas[2 * length] = toX - fromX;
      deltas[2 * length + 1] = toY - fromY;
      if (i < x.length - 1) pens[length] = 0;
      fromX = toX;
      fromY = toY;
      length++;
    }
  }
  return length < SHORTEST_SKETCH ? undefined : { deltas, pens, length };
}

/**
 * The strokes that steps and pens describe, in absolute coordinates: a stroke ends where its pen is above 0.5 and at
 * the end of the sequence.
 * @param deltas (dx, dy) interleaved, [points, 2].
 * @param pens [points].
 */
export function traceStrokes(deltas: ArrayLike<number>, pens: ArrayLike<number>): Stroke[] {
  const strokes: Stroke[] = [];
  let x: number[] = [];
  let y: number[] = [];
  let atX = 0;
  let atY = 0;
  for (let i = 0; i < pens.length; i++) {
    atX += deltas[2 * i] ?? 0;
    atY += deltas[2 * i + 1] ?? 0;
    x.push(atX);
    y.push(atY);
    if ((pens[i] ?? 1) <= 0.5 && i < pens.length - 1) continue;
    strokes.push({ x, y });
    x = [];
    y = [];
  }
  return strokes;
}

/**
 * The drawing of an encoded or generated sequence; strokes of one point, and with them the padding, are dropped.
 * @param deltas (dx, dy) interleaved, [points, 2], in the unit the drawing shall have (not normalised).
 * @param pens [points]: pens or their probabilities.
 */
export const decodeDeltas = (deltas: Float32Array, pens: Float32Array): Sketch => ({
  strokes: traceStrokes(deltas, pens).filter(({ x }) => x.length >= SHORTEST_STROKE),
});
