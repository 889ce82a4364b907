import { UserError } from "../../base/errors.ts";
import type { CategoryDrawings } from "../family.ts";
import type { StrokeSettings } from "./settings.ts";
import { normalised, type StrokeStatistics, statisticsOf } from "./statistics.ts";
import { encodeDrawing, numbersOf } from "./strokes.ts";

/** Encoded drawings to train on, in the order they were read. */
export interface StrokeSet {
  /** Normalised numbers of each drawing's strokes, [strokes, numbers]. */
  readonly drawings: readonly Float32Array[];
  /** Index of each drawing's category. */
  readonly labels: Uint16Array;
}

/**
 * Encodes all drawings; those that do not fit are left out.
 * @param known statistics of a model; those of the drawings where there are none.
 * @throws UserError for a category of which none fits.
 */
export function strokeSet(
  categories: readonly CategoryDrawings[],
  settings: StrokeSettings,
  known?: StrokeStatistics,
): { readonly set: StrokeSet; readonly learnt: StrokeStatistics; readonly left: number } {
  const encoded = categories.flatMap(({ category, sketches }, label) => {
    const drawings = sketches.flatMap((sketch) => encodeDrawing(sketch, settings) ?? []);
    if (drawings.length === 0)
      throw new UserError(
        `${category}: none of the drawings has from 1 to ${settings.strokes} strokes; take more strokes (--strokes).`,
      );
    return drawings.map((drawing) => ({ drawing, label }));
  });
  const drawings = encoded.map(({ drawing }) => drawing);
  const learnt = known ?? statisticsOf(drawings, numbersOf(settings));
  return {
    set: {
      drawings: drawings.map((drawing) => normalised(drawing, learnt)),
      labels: Uint16Array.from(encoded, ({ label }) => label),
    },
    learnt,
    left: categories.reduce((sum, { sketches }) => sum + sketches.length, 0) - drawings.length,
  };
}

/** What tells a set from others. */
export const contentOf = ({ drawings, labels }: StrokeSet): ArrayBufferView[] => [...drawings, labels];
