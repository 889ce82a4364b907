import { UserError } from "../base/errors.ts";
import { boundsOf, pointCount, type Sketch } from "../sketch/sketch.ts";
import type { SequenceDistances } from "./evaluation.ts";
import { wasserstein } from "./wasserstein.ts";

/**
 * What there is to count in a drawing: points, strokes, the mean length of a stroke, the length of all lines and the way
 * that the lifted pen travels from the end of a stroke to the start of the next, the only one that knows their order.
 * Lengths are in units of the longer side of the drawing's box; 0 where the drawing has no extent.
 */
export function sequenceStatistics(sketch: Sketch): Record<keyof SequenceDistances, number> {
  const bounds = boundsOf(sketch);
  const side = bounds ? Math.max(bounds.maxX - bounds.minX, bounds.maxY - bounds.minY) : 0;
  const strokes = sketch.strokes.length;
  let length = 0;
  let jumps = 0;
  let pen: readonly [number, number] | undefined;
  for (const { x, y } of sketch.strokes)
    for (let i = 0; i < x.length; i++) {
      const toX = x[i] ?? Number.NaN;
      const toY = y[i] ?? Number.NaN;
      const way = pen ? Math.hypot(toX - pen[0], toY - pen[1]) : 0;
      if (i > 0) length += way;
      else jumps += way;
      pen = [toX, toY];
    }
  const ink = length === 0 ? 0 : length / side;
  const travel = jumps === 0 ? 0 : jumps / side;
  return { points: pointCount(sketch), strokes, strokeLength: strokes > 0 ? ink / strokes : 0, ink, travel };
}

function standardDeviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/**
 * How far each statistic of generated drawings is from that of real ones: the 1-Wasserstein distance in units of the
 * real ones' (population) standard deviation. Where all real ones are equal it is 0 for generated ones
 * that equal them, else Infinity.
 * @throws UserError without drawings on either side, or with coordinates that are not finite.
 */
export function sequenceDistances(real: readonly Sketch[], generated: readonly Sketch[]): SequenceDistances {
  if (real.length === 0 || generated.length === 0)
    throw new UserError(
      `sequence statistics need at least 1 drawing of each kind, found ${real.length} real and ${generated.length} generated: evaluate more.`,
    );
  const ours = real.map(sequenceStatistics);
  const theirs = generated.map(sequenceStatistics);
  for (const [kind, statistics] of [["real", ours] as const, ["generated", theirs] as const]) {
    const broken = statistics.findIndex(({ ink }) => !Number.isFinite(ink));
    if (broken >= 0)
      throw new UserError(
        `sequence statistics need finite coordinates, found others in ${kind} drawing ${broken}: leave that drawing out.`,
      );
  }
  const distance = (key: keyof SequenceDistances): number => {
    const values = ours.map((statistics) => statistics[key]);
    const apart = wasserstein(
      values,
      theirs.map((statistics) => statistics[key]),
    );
    return apart === 0 ? 0 : apart / standardDeviation(values);
  };
  return {
    points: distance("points"),
    strokes: distance("strokes"),
    strokeLength: distance("strokeLength"),
    ink: distance("ink"),
    travel: distance("travel"),
  };
}
