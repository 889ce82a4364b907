import { z } from "zod";
import { at } from "../../base/at.ts";
import { checked, type KeysOf } from "../../base/check.ts";
import { UserError } from "../../base/errors.ts";
import { finiteNumber, wholeNumber } from "../../base/numbers.ts";
import { type EncodingOptions, encodeSketch } from "../../sketch/encode.ts";
import type { EncodedSketch } from "../../sketch/encoding.ts";
import {
  addDeltas,
  emptySums,
  type Normalisation,
  normalisationFrom,
  normalise,
} from "../../sketch/normalisation.ts";
import { sketchSchema } from "../../sketch/schema.ts";
import type { Sketch } from "../../sketch/sketch.ts";
import type { CategoryDrawings } from "../family.ts";
import type { Normalisations } from "./normalisation.ts";

/**
 * Encoded drawings to train on, in the order they were read. With prefix conditioning, strokes are as drawn; each step brings those
 * after the prefix into order.
 */
export interface TrainingSet {
  readonly points: number;
  /** Normalised coordinates, one [points, 2] after the other. */
  readonly values: Float32Array;
  /** [count, points]. */
  readonly pens: Float32Array;
  /** Index of each drawing's category. */
  readonly labels: Uint16Array;
}

/** With whatever keys beside: a training configuration says them too. */
const optionsSchema = z.looseObject({
  encoding: z.enum(["delta", "position"]),
  strokeOrder: z.enum(["drawn", "directed", "size"]),
  points: wholeNumber(1),
  simplify: finiteNumber(0),
  corners: z.boolean().optional(),
  prefixConditioning: finiteNumber(0, 1).optional(),
} satisfies KeysOf<EncodingOptions & { readonly prefixConditioning?: number }>);

/**
 * Encodes one category's drawings and measures their normalisation; drawings that do not fit are left out.
 * @throws UserError when none fits.
 */
export function encodeCategory(
  sketches: Iterable<Sketch>,
  options: EncodingOptions & { readonly prefixConditioning?: number },
): { encoded: EncodedSketch[]; normalisation: Normalisation } {
  checked(optionsSchema, options, "encodeCategory");
  const encoded: EncodedSketch[] = [];
  const sums = emptySums();
  let drawn = 0;
  const stored =
    (options.prefixConditioning ?? 0) > 0 ? { ...options, strokeOrder: "drawn" as const } : options;
  for (const sketch of sketches) {
    checked(sketchSchema, sketch, `encodeCategory: drawing ${drawn++}`);
    const drawing = encodeSketch(sketch, stored);
    if (drawing === undefined) continue;
    addDeltas(sums, drawing.values);
    encoded.push(drawing);
  }
  if (encoded.length === 0) {
    throw new UserError(
      `None of the drawings can be written in ${options.points} points; use more points (--points).`,
    );
  }
  return { encoded, normalisation: normalisationFrom(sums) };
}

/** Encoded drawings, with a normalisation that is known or measured of them, and how many of them did not fit. */
export function encodeDrawings(
  settings: EncodingOptions & { readonly prefixConditioning?: number },
  drawings: readonly CategoryDrawings[],
  known?: Normalisations,
): { set: TrainingSet; normalisation: Normalisations; left: number } {
  const encoded = drawings.map(({ category, sketches }) => {
    const fitting = encodeCategory(sketches, settings);
    return { ...fitting, normalisation: known?.[category] ?? fitting.normalisation };
  });
  const set = joinCategories(encoded, settings.points);
  const all = drawings.reduce((sum, { sketches }) => sum + sketches.length, 0);
  const normalisation = Object.fromEntries(
    drawings.map(({ category }, i) => [category, at(encoded, i).normalisation]),
  );
  return { set, normalisation, left: all - set.labels.length };
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
  let place = 0;
  for (const [label, { encoded, normalisation }] of categories.entries()) {
    for (const { values, pens } of encoded) {
      set.values.set(normalise(values, normalisation), place * points * 2);
      set.pens.set(pens, place * points);
      set.labels[place++] = label;
    }
  }
  return set;
}

/** What tells a set from others. */
export const contentOf = ({ values, pens, labels }: TrainingSet): ArrayBufferView[] => [values, pens, labels];
