import { boundsOf, pointCount, type Sketch } from "../sketch/sketch.ts";

const STROKES = 8;
const POINTS = 50;

/**
 * How well a drawing suits the seed's taste, 0 to 3: one for a stroke count of 8 (falling to nothing at 0 and 16),
 * one for 50 points or more, one for a square outline. The seed's document names these three and not their weights;
 * the weights are ours.
 */
export function seedScore(sketch: Sketch): number {
  const strokes = Math.max(0, 1 - Math.abs(sketch.strokes.length - STROKES) / STROKES);
  const points = Math.min(1, pointCount(sketch) / POINTS);
  const bounds = boundsOf(sketch);
  if (bounds === undefined) return 0;
  const width = bounds.maxX - bounds.minX;
  const height = bounds.maxY - bounds.minY;
  const aspect = Math.min(width, height) / Math.max(width, height);
  return strokes + points + (Number.isNaN(aspect) ? 0 : aspect);
}

/**
 * The `count` drawings with the highest `seedScore`, best first. The seed chose its best 50 of 200 before it
 * measured: use it only to show such numbers beside those of all drawings, never instead of them.
 */
export const seedSelection = (sketches: readonly Sketch[], count = 50): Sketch[] =>
  sketches
    .map((sketch) => ({ sketch, score: seedScore(sketch) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, count)
    .map(({ sketch }) => sketch);
