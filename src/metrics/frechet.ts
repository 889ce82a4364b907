import { at } from "../base/at.ts";
import { permutation, randomStream, streams } from "../base/random.ts";
import type { Features } from "./features.ts";
import { requireFeatures } from "./require-features.ts";
import {
  addProducts,
  type Matrix,
  mirror,
  newMatrix,
  products,
  semidefiniteFactor,
  symmetricEigenvalues,
  trace,
} from "./symmetric.ts";

/** A set of features as FID sees it: a Gaussian. */
interface Moments {
  readonly count: number;
  /** [size] */
  readonly mean: Float64Array;
  /** [size, size], unbiased. */
  readonly covariance: Matrix;
}

/** Drawings whose products are summed at a time. */
const CHUNK = 256;

/** Mean and unbiased covariance of the drawings named by `rows`, summed in float64. */
function momentsOf({ size, values }: Features, rows: ArrayLike<number>): Moments {
  const count = rows.length;
  const sums = new Float64Array(size);
  for (let i = 0; i < count; i++) {
    const start = at(rows, i) * size;
    for (let j = 0; j < size; j++) sums[j] = (sums[j] ?? 0) + (values[start + j] ?? 0);
  }
  const mean = sums.map((sum) => sum / count);

  const covariance = newMatrix(size, size);
  for (let first = 0; first < count; first += CHUNK) {
    const length = Math.min(CHUNK, count - first);
    const centred = newMatrix(size, length);
    for (let i = 0; i < length; i++) {
      const start = at(rows, first + i) * size;
      for (let j = 0; j < size; j++)
        centred.values[j * length + i] = (values[start + j] ?? 0) - (mean[j] ?? 0);
    }
    addProducts(covariance, centred, centred);
  }
  mirror(covariance);
  covariance.values.forEach((sum, i, all) => {
    all[i] = sum / (count - 1);
  });
  return { count, mean, covariance };
}

const allRows = ({ count }: Features): Uint32Array => Uint32Array.from({ length: count }, (_, i) => i);

/**
 * |m₁ - m₂|² + Tr(S₁ + S₂ - 2 (S₁ S₂)^½), Heusel et al. 2017, "GANs trained by a two time-scale update rule", eq. 6.
 * S₁^½ S₂ S₁^½ and F S₂ Fᵀ have the same eigenvalues other than 0 for any F with Fᵀ F = S₁, and the sum of their
 * square roots is the trace wanted: a factor of full rank does for the square root, and is smaller where there are
 * fewer drawings than features.
 */
function distanceOf(a: Moments, b: Moments): number {
  const [few, many] = a.count <= b.count ? [a, b] : [b, a];
  const factor = semidefiniteFactor(few.covariance);
  const inner = products(products(factor, many.covariance), factor);
  // Eigenvalues below 0 are rounding.
  const shared = symmetricEigenvalues(inner).reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
  const apart = a.mean.reduce((sum, value, i) => sum + (value - at(b.mean, i)) ** 2, 0);
  return apart + trace(a.covariance) + trace(b.covariance) - 2 * shared;
}

/**
 * FID: the squared Fréchet distance of Gaussians with the sets' means and unbiased covariances; from 0, and biased
 * upwards by an amount that falls as 1 / count, so that only sets of the same counts compare.
 * @throws UserError with fewer than 2 drawings, features of different networks or not finite.
 */
export function frechetDistance(a: Features, b: Features): number {
  requireFeatures("FID", 2, a, b);
  return distanceOf(momentsOf(a, allRows(a)), momentsOf(b, allRows(b)));
}

/** Points of the line, as in the paper's code. */
const POINTS = 15;
/** A covariance of fewer drawings a feature is too near to a singular one for its bias to be a straight line. */
const DRAWINGS_PER_FEATURE = 2.5;

/**
 * Subset sizes evenly spaced up to all drawings. The paper goes down to a tenth of them, which is 2.4 drawings a
 * feature there: where a tenth is fewer than that, sizes begin higher, but at half of the drawings at most, since
 * a line needs points apart.
 */
function subsetSizes({ count, size }: Features): number[] {
  const least = Math.min(count / 2, Math.max(count / 10, DRAWINGS_PER_FEATURE * size));
  return Array.from({ length: POINTS }, (_, i) => Math.round(least + ((count - least) * i) / (POINTS - 1)));
}

/**
 * FID of infinitely many generated drawings (Chong and Forsyth 2020, "Effectively unbiased FID and Inception score and
 * where to find them"): FID of random subsets as a straight line in 1 / N by least squares, read at 0; may come out
 * below 0. As in the paper only the generated side is extrapolated: the reference stays whole, and what its own count
 * adds remains.
 * @throws UserError with fewer than 30 generated or 2 reference drawings, features of different networks or not finite.
 */
export function frechetInfinity(reference: Features, generated: Features, seed: number): number {
  requireFeatures("FID at infinity", 2, reference, generated);
  requireFeatures("FID at infinity", 2 * POINTS, generated);
  const whole = momentsOf(reference, allRows(reference));
  const line = subsetSizes(generated).map((count, i) => {
    const order = permutation(generated.count, randomStream(seed, streams.metrics, i));
    return { x: 1 / count, y: distanceOf(whole, momentsOf(generated, order.subarray(0, count))) };
  });
  const meanX = line.reduce((sum, { x }) => sum + x, 0) / POINTS;
  const meanY = line.reduce((sum, { y }) => sum + y, 0) / POINTS;
  const covariance = line.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
  const variance = line.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  return meanY - (covariance / variance) * meanX;
}
