import { at } from "../base/at.ts";
import { UserError } from "../base/errors.ts";
import { rasterise } from "../sketch/raster.ts";
import type { Sketch } from "../sketch/sketch.ts";

/**
 * The seed's two numbers, kept for comparison under the names "pixel FID" and "pixel KID": neither looks at
 * features of a network, so neither is to be compared with an FID or a KID (`seed/system.md`, "Selection").
 */

const SIZE = 64;
/** The seed's kernel mean takes the first drawings only. */
const KID_DRAWINGS = 200;

/**
 * A drawing as its 64 x 64 grey picture, row-major: paper is 1, ink is 0. The seed shrank 256-pixel pictures of a
 * line width it does not state; both numbers depend on it, so its published ones are near in kind, not in scale.
 */
export const pixelVector = (sketch: Sketch): Float32Array =>
  rasterise(sketch, { size: SIZE }).map((ink) => 1 - ink);

type Vectors = Iterable<ArrayLike<number>>;

function requireCount(name: string, least: number, real: number, fake: number): void {
  if (real < least || fake < least)
    throw new UserError(
      `${name} needs at least ${least} drawings of each kind, found ${real} real and ${fake} generated: evaluate more.`,
    );
}

function mean(vectors: Vectors): { count: number; mean: Float64Array } {
  let count = 0;
  let sum = new Float64Array(0);
  for (const vector of vectors) {
    if (count++ === 0) sum = new Float64Array(vector.length);
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (vector[i] ?? 0);
  }
  return { count, mean: sum.map((value) => value / count) };
}

/**
 * 1000 times the squared distance of the two sets' mean vectors.
 * @throws UserError without vectors on both sides.
 */
export function pixelFid(real: Vectors, fake: Vectors): number {
  const [a, b] = [mean(real), mean(fake)];
  requireCount("pixel FID", 1, a.count, b.count);
  return 1000 * a.mean.reduce((sum, value, i) => sum + (value - at(b.mean, i)) ** 2, 0);
}

/** The cubic kernel of Binkowski et al. 2018, "Demystifying MMD GANs", section 4. */
function kernel(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let product = 0;
  for (let i = 0; i < a.length; i++) product += (a[i] ?? 0) * (b[i] ?? 0);
  return (product / a.length + 1) ** 3;
}

type Few = readonly ArrayLike<number>[];

function firstOf(vectors: Vectors, most: number): Few {
  const first: ArrayLike<number>[] = [];
  for (const vector of vectors) {
    first.push(vector);
    if (first.length === most) break;
  }
  return first;
}

/** Mean of the kernel over all pairs of different vectors of one set. */
function meanWithin(vectors: Few): number {
  let sum = 0;
  for (const [i, vector] of vectors.entries())
    for (const before of vectors.slice(0, i)) sum += kernel(vector, before);
  return (2 * sum) / (vectors.length * (vectors.length - 1));
}

function meanBetween(a: Few, b: Few): number {
  let sum = 0;
  for (const x of a) for (const y of b) sum += kernel(x, y);
  return sum / (a.length * b.length);
}

/**
 * The unbiased squared maximum mean discrepancy (Gretton et al. 2012, eq. 3) of the first 200 vectors of each set
 * under a cubic kernel; below 0 where the sets are more alike than chance.
 * @throws UserError with fewer than 2 vectors on either side.
 */
export function pixelKid(real: Vectors, fake: Vectors): number {
  const [a, b] = [firstOf(real, KID_DRAWINGS), firstOf(fake, KID_DRAWINGS)];
  requireCount("pixel KID", 2, a.length, b.length);
  return meanWithin(a) + meanWithin(b) - 2 * meanBetween(a, b);
}
