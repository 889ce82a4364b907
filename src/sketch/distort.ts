import type { RandomStream } from "../base/random.ts";
import { mapPoints, type Sketch } from "./sketch.ts";

/** Radians to either side. */
const ROTATION = 0.25;
/** Largest stretch of one axis against the other. */
const STRETCH = 1.3;
const SLANT = 0.2;

/**
 * A drawing as another hand might have drawn it: mirrored in every second case, turned, stretched and slanted; where it
 * lies and how large it is, whoever renders it decides.
 */
export function distort(sketch: Sketch, stream: RandomStream): Sketch {
  const around = (most: number) => (2 * stream.uniform() - 1) * most;
  const mirror = stream.uniform() < 0.5 ? -1 : 1;
  const angle = around(ROTATION);
  const stretch = STRETCH ** around(1);
  const slant = around(SLANT);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  // Columns of rotation times slant times stretch.
  const [xx, yx] = [mirror * stretch * cos, mirror * stretch * sin];
  const [xy, yy] = [slant * cos - sin, slant * sin + cos];
  return mapPoints(sketch, (x, y) => [xx * x + xy * y, yx * x + yy * y]);
}
