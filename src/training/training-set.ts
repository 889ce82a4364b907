import { type DeltaSketch, encodeDeltas } from "../sketch/delta.ts";
import {
  addDeltas,
  emptySums,
  type Normalisation,
  normalisationFrom,
  normalise,
} from "../sketch/normalisation.ts";
import { simplify } from "../sketch/simplify.ts";
import type { Sketch } from "../sketch/sketch.ts";

/** Encoded drawings to train on, in the order they were read. */
export interface TrainingSet {
  readonly points: number;
  /** Normalised (dx, dy), one [points, 2] after the other. */
  readonly deltas: Float32Array;
  /** [count, points]. */
  readonly pens: Float32Array;
  /** Index of each drawing's category. */
  readonly labels: Uint16Array;
}

export interface Encoding {
  readonly points: number;
  /** Epsilon of the simplification before encoding, in the drawings' unit; 0: none. */
  readonly simplify: number;
}

/** Encodes one category's drawings and measures their normalisation; drawings of fewer than 3 points are left out. */
export function encodeCategory(
  sketches: Iterable<Sketch>,
  encoding: Encoding,
): { encoded: DeltaSketch[]; normalisation: Normalisation } {
  const encoded: DeltaSketch[] = [];
  const sums = emptySums();
  for (const sketch of sketches) {
    const deltas = encodeDeltas(
      encoding.simplify > 0 ? simplify(sketch, encoding.simplify) : sketch,
      encoding.points,
    );
    if (deltas === undefined) continue;
    addDeltas(sums, deltas.deltas);
    encoded.push(deltas);
  }
  return { encoded, normalisation: normalisationFrom(sums) };
}

/** Joins the encoded categories, in the order of their labels. */
export function joinCategories(
  categories: readonly { encoded: readonly DeltaSketch[]; normalisation: Normalisation }[],
  points: number,
): TrainingSet {
  const count = categories.reduce((n, { encoded }) => n + encoded.length, 0);
  const set = {
    points,
    deltas: new Float32Array(count * points * 2),
    pens: new Float32Array(count * points),
    labels: new Uint16Array(count),
  };
  let at = 0;
  for (const [label, { encoded, normalisation }] of categories.entries()) {
    for (const { deltas, pens } of encoded) {
      set.deltas.set(normalise(deltas, normalisation), at * points * 2);
      set.pens.set(pens, at * points);
      set.labels[at++] = label;
    }
  }
  return set;
}
