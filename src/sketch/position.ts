import { boundsOf, mapPoints, pointCount, type Sketch, type Stroke } from "./sketch.ts";

/** A drawing as the positions of its points, a sequence of fixed length. */
export interface PositionSketch {
  /** (x, y) of every point, interleaved, [points, 2]; the longer side goes from -1 to 1. The last point is repeated as padding. */
  readonly positions: Float32Array;
  /** [points]: 1 on the last point of a stroke and on padding, 0.5 at a corner that is known, else 0. */
  readonly pens: Float32Array;
  /** Points of the drawing; the rest is padding. */
  readonly length: number;
}

const SHORTEST_STROKE = 2;
const LIFTED = 1;
const CORNER = 0.5;

/**
 * Encodes a drawing in `points` positions; strokes of one point are dropped.
 * @returns undefined for a drawing without strokes and for one of more points: half a drawing would teach half drawings.
 */
export function encodePositions(sketch: Sketch, points: number): PositionSketch | undefined {
  const kept = { ...sketch, strokes: sketch.strokes.filter(({ x }) => x.length >= SHORTEST_STROKE) };
  const length = pointCount(kept);
  if (length === 0 || length > points) return undefined;
  return { ...writePositions(inUnitBox(kept), points), length };
}

/** The drawing's points where they are, one stroke after the other, and the last of them as padding. */
export function writePositions(sketch: Sketch, points: number): Omit<PositionSketch, "length"> {
  const positions = new Float32Array(points * 2);
  const pens = new Float32Array(points).fill(LIFTED);
  let place = 0;
  for (const stroke of sketch.strokes) {
    const { x, y } = stroke;
    pens.set(pensOf(stroke), place);
    for (let i = 0; i < x.length; i++, place++)
      positions.set([x[i] ?? Number.NaN, y[i] ?? Number.NaN], 2 * place);
  }
  for (const last = 2 * place; place < points; place++) positions.copyWithin(2 * place, last - 2, last);
  return { positions, pens };
}

/** What the pen does at every point of a stroke. */
export const pensOf = ({ x, corners }: Stroke): number[] =>
  x.map((_, i) => (i === x.length - 1 ? LIFTED : corners?.[i] ? CORNER : 0));

/** Moves the middle of the drawing's box to 0 and scales its longer side to 2. */
export function inUnitBox(sketch: Sketch): Sketch {
  const bounds = boundsOf(sketch);
  if (bounds === undefined) return sketch;
  const { minX, minY, maxX, maxY } = bounds;
  const scale = 2 / Math.max(maxX - minX, maxY - minY, Number.EPSILON);
  return mapPoints(sketch, (x, y) => [(x - (minX + maxX) / 2) * scale, (y - (minY + maxY) / 2) * scale]);
}

/**
 * The drawing that positions and pens describe: a stroke ends where its pen is above 0.5 and at the end of the
 * sequence; strokes of one point, and with them the padding, are dropped.
 * @param positions (x, y) interleaved, [points, 2].
 * @param pens [points]: pens or their probabilities.
 * @param corners whether pens tell corners.
 */
export function decodePositions(positions: Float32Array, pens: Float32Array, corners = false): Sketch {
  const strokes: Stroke[] = [];
  let from = 0;
  for (let i = 0; i < pens.length; i++) {
    if ((pens[i] ?? LIFTED) <= CORNER && i < pens.length - 1) continue;
    const indices = Array.from({ length: i + 1 - from }, (_, k) => from + k);
    if (indices.length >= SHORTEST_STROKE) {
      const x = indices.map((k) => positions[2 * k] ?? 0);
      const y = indices.map((k) => positions[2 * k + 1] ?? 0);
      strokes.push({ x, y, ...(corners && { corners: indices.map((k) => pens[k] === CORNER) }) });
    }
    from = i + 1;
  }
  return { strokes };
}
