import { UserError } from "../base/errors.ts";
import { type EncodedSketch, type EncodingName, encodings } from "../sketch/encoding.ts";
import {
  addDeltas,
  emptySums,
  type Normalisation,
  normalisationFrom,
  normalise,
} from "../sketch/normalisation.ts";
import { largestFirst } from "../sketch/order.ts";
import { simplifyToFit } from "../sketch/simplify.ts";
import type { Sketch } from "../sketch/sketch.ts";

/** Encoded drawings to train on, in the order they were read. */
export interface TrainingSet {
  readonly points: number;
  /** Normalised coordinates, one [points, 2] after the other. */
  readonly values: Float32Array;
  /** [count, points]. */
  readonly pens: Float32Array;
  /** Index of each drawing's category. */
  readonly labels: Uint16Array;
}

/** How a configuration wants drawings encoded. */
export interface EncodingOptions {
  readonly encoding: EncodingName;
  readonly strokeOrder: "drawn" | "size";
  readonly points: number;
  /** Epsilon of the simplification before encoding, in the drawings' unit; 0: none. */
  readonly simplify: number;
}

/**
 * Encodes one category's drawings and measures their normalisation; drawings that do not fit are left out.
 * @throws UserError when none fits.
 */
export function encodeCategory(
  sketches: Iterable<Sketch>,
  options: EncodingOptions,
): { encoded: EncodedSketch[]; normalisation: Normalisation } {
  const { encoding, points, strokeOrder, simplify: epsilon } = options;
  const encoded: EncodedSketch[] = [];
  const sums = emptySums();
  for (const sketch of sketches) {
    const ordered = strokeOrder === "size" ? largestFirst(sketch) : sketch;
    const fitting = epsilon > 0 ? simplifyToFit(ordered, epsilon, points) : ordered;
    const drawing = encodings[encoding].encode(fitting, points);
    if (drawing === undefined) continue;
    addDeltas(sums, drawing.values);
    encoded.push(drawing);
  }
  if (encoded.length === 0) {
    throw new UserError(
      `None of the drawings can be written in ${points} points; use more points (--points).`,
    );
  }
  return { encoded, normalisation: normalisationFrom(sums) };
}

/** Joins the encoded categories, in the order of their labels. */
export function joinCategories(
  categories: readonly { encoded: readonly EncodedSketch[]; normalisation: Normalisation }[],
  points: number,
): TrainingSet {
  const count = categories.reduce((n, { encoded }) => n + encoded.length, 0);
  const set = {
    points,
    values: new Float32Array(count * points * 2),
    pens: new Float32Array(count * points),
    labels: new Uint16Array(count),
  };
  let at = 0;
  for (const [label, { encoded, normalisation }] of categories.entries()) {
    for (const { values, pens } of encoded) {
      set.values.set(normalise(values, normalisation), at * points * 2);
      set.pens.set(pens, at * points);
      set.labels[at++] = label;
    }
  }
  return set;
}
