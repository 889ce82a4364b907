import { z } from "zod";
import { at } from "../../base/at.ts";

/** In float32 neither 0 nor infinite, nor what is divided or multiplied by it. */
const LARGEST = 1e30;

/** Mean and scale of each number of a stroke, over all strokes of the training drawings. */
export const strokeStatistics = z.strictObject({
  mean: z.array(z.number().min(-LARGEST).max(LARGEST)),
  scale: z.array(
    z
      .number()
      .min(1 / LARGEST)
      .max(LARGEST),
  ),
});

export type StrokeStatistics = z.output<typeof strokeStatistics>;

/** Least deviation: what never changes has none. */
const LEAST = 1e-6;

/**
 * Statistics of the numbers of drawings, [strokes, size] each; in float32. The scale is the root of the deviation: divided by
 * it, what varies most still does, and is drawn first and counts most. Divided by the deviation, a stroke's place would count
 * no more than its finest detail.
 * @param size numbers of a stroke.
 */
export function statisticsOf(drawings: readonly Float32Array[], size: number): StrokeStatistics {
  const [sums, squares] = [new Float64Array(size), new Float64Array(size)];
  let strokes = 0;
  for (const drawing of drawings) {
    strokes += drawing.length / size;
    for (const [i, value] of drawing.entries()) {
      sums[i % size] = at(sums, i % size) + value;
      squares[i % size] = at(squares, i % size) + value ** 2;
    }
  }
  const mean = Array.from(sums, (sum) => Math.fround(sum / strokes));
  const scale = mean.map((value, i) => {
    const variance = Math.max(at(squares, i) / strokes - value ** 2, LEAST ** 2);
    return Math.fround(variance ** (1 / 4));
  });
  return { mean, scale };
}

/** Numbers of strokes, [strokes, size], with mean 0 and scale 1. */
export const normalised = (numbers: Float32Array, { mean, scale }: StrokeStatistics): Float32Array =>
  numbers.map((value, i) => (value - at(mean, i % mean.length)) / at(scale, i % scale.length));

/** The way back. */
export const denormalised = (numbers: Float32Array, { mean, scale }: StrokeStatistics): Float32Array =>
  numbers.map((value, i) => value * at(scale, i % scale.length) + at(mean, i % mean.length));
