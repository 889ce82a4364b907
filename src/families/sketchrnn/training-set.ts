import { UserError } from "../../base/errors.ts";
import type { CategoryDrawings } from "../family.ts";
import type { SketchRnnSettings } from "./settings.ts";
import { encodeSteps, type Steps, scaled } from "./steps.ts";

/** Drawings to train on, in the order they were read. */
export interface TrainingSet {
  /** Offsets are normalised. */
  readonly drawings: readonly Steps[];
  /** Index of each drawing's category. */
  readonly labels: Uint16Array;
}

/**
 * Encodes drawings and measures their offsets; drawings that do not fit are left out.
 * @param known the scale of a model that the training begins with.
 * @throws UserError when none fits.
 */
export function encode(
  categories: readonly CategoryDrawings[],
  settings: SketchRnnSettings,
  known?: number,
): { set: TrainingSet; scale: number; left: number } {
  const encoded = categories.flatMap(({ sketches }, label) =>
    sketches.flatMap((sketch) => {
      const steps = encodeSteps(sketch, settings);
      return steps ? [{ steps, label }] : [];
    }),
  );
  if (encoded.length === 0)
    throw new UserError(
      `None of the drawings can be written in ${settings.points} points; use more points (--points).`,
    );
  const scale = known ?? scaleOf(encoded.map(({ steps }) => steps));
  const all = categories.reduce((count, { sketches }) => count + sketches.length, 0);
  return {
    set: {
      drawings: encoded.map(({ steps }) => scaled(steps, 1 / scale)),
      labels: Uint16Array.from(encoded, ({ label }) => label),
    },
    scale,
    left: all - encoded.length,
  };
}

/** The standard deviation of all dx and dy together (Ha and Eck 2017, section 3.1). */
function scaleOf(drawings: readonly Steps[]): number {
  let [count, sum, squares] = [0, 0, 0];
  for (const { offsets } of drawings) {
    for (const offset of offsets) {
      sum += offset;
      squares += offset ** 2;
    }
    count += offsets.length;
  }
  const scale = Math.sqrt(squares / count - (sum / count) ** 2);
  if (!(scale > 0))
    throw new UserError(
      "Every point of the drawings lies at the same place: they cannot be normalised; check the data.",
    );
  return scale;
}

/** What tells a set from others. */
export const contentOf = ({ drawings, labels }: TrainingSet): ArrayBufferView[] => [
  ...drawings.flatMap(({ offsets, pens }) => [offsets, pens]),
  labels,
];
