import { UserError } from "../base/errors.ts";
import { didYouMean } from "../base/nearest.ts";
import { randomStream, streams } from "../base/random.ts";
import { toSimplifiedForm } from "../sketch/simplify.ts";
import type { Sketch } from "../sketch/sketch.ts";
import type { ReadDrawing } from "./read/drawing.ts";
import { drawBus } from "./synthetic/bus.ts";
import { drawCat } from "./synthetic/cat.ts";
import type { Line } from "./synthetic/geometry.ts";
import { type Hand, newHand } from "./synthetic/hand.ts";
import { drawRabbit } from "./synthetic/rabbit.ts";

const DRAW: ReadonlyMap<string, (hand: Hand) => Line[]> = new Map([
  ["cat", drawCat],
  ["bus", drawBus],
  ["rabbit", drawRabbit],
]);

/** The categories that can be drawn by a procedure. */
export const SYNTHETIC_CATEGORIES: readonly string[] = [...DRAW.keys()];

/** Drawings in a category when nothing else is asked for. */
export const SYNTHETIC_COUNT = 1000;

/**
 * A doodle drawn by a procedure, in Quick, Draw!'s simplified form; the same for the same category, seed and index.
 * @throws UserError for a category that no procedure draws.
 */
export function drawSynthetic(category: string, seed: number, index: number): Sketch {
  const draw = DRAW.get(category);
  if (draw === undefined)
    throw new UserError(
      `Synthetic drawings exist of ${SYNTHETIC_CATEGORIES.join(", ")}, not of "${category}".${didYouMean(category, SYNTHETIC_CATEGORIES)}`,
    );
  const place = SYNTHETIC_CATEGORIES.indexOf(category);
  const hand = newHand(randomStream(seed, streams.synthetic, place, index));
  const mirror = hand.chance(0.5) ? -1 : 1;
  const tilt = hand.within(-0.06, 0.06);
  const stretch = hand.within(0.9, 1.1);
  const backwards = hand.chance(0.25) ? 0.5 : 0.1;
  const drawn = draw(hand);
  // The outline, which comes first, at times comes last.
  const lines = hand.chance(0.12) ? [...drawn.slice(1), ...drawn.slice(0, 1)] : drawn;
  const strokes = lines.map((line) => {
    const points = hand.chance(backwards) ? line.toReversed() : line;
    return {
      x: points.map(([x, y]) => mirror * stretch * (x - tilt * y)),
      y: points.map(([x, y]) => y + tilt * x),
    };
  });
  return toSimplifiedForm({ strokes, word: category });
}

/** The synthetic set of a category, as a reader gives it. @throws UserError for an unknown category. */
export async function* readSynthetic(
  category: string,
  count = SYNTHETIC_COUNT,
  seed = 0,
): AsyncGenerator<ReadDrawing> {
  for (let line = 0; line < count; line++) yield { sketch: drawSynthetic(category, seed, line), line };
}
