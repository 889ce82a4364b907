import type { Sketch } from "./sketch.ts";

const SIGMA = 1;
const RADIUS = 4;
const SHORTEST = 3;

const bell = Array.from({ length: 2 * RADIUS + 1 }, (_, i) =>
  Math.exp(-((i - RADIUS) ** 2) / (2 * SIGMA ** 2)),
);
const area = bell.reduce((sum, weight) => sum + weight, 0);
const KERNEL: readonly number[] = bell.map((weight) => weight / area);

/** Where index `i` of a line mirrored at both its ends lies: d c b a | a b c d | d c b a. */
function reflect(i: number, length: number): number {
  const period = 2 * length;
  const inPeriod = ((i % period) + period) % period;
  return inPeriod < length ? inPeriod : period - 1 - inPeriod;
}

const smoothLine = (values: readonly number[]): number[] =>
  values.map((_, i) =>
    KERNEL.reduce(
      (sum, weight, j) => sum + weight * (values[reflect(i + j - RADIUS, values.length)] ?? 0),
      0,
    ),
  );

/**
 * Smooths the coordinates of every stroke of 3 points or more with a Gaussian along the points: sigma 1, radius 4,
 * edges reflected, as scipy.ndimage.gaussian_filter1d does by default. Shorter strokes stay as they are.
 */
export function smooth(sketch: Sketch): Sketch {
  const strokes = sketch.strokes.map((stroke) =>
    stroke.x.length < SHORTEST ? stroke : { ...stroke, x: smoothLine(stroke.x), y: smoothLine(stroke.y) },
  );
  return { ...sketch, strokes };
}
