import { z } from "zod";
import { checked, type KeysOf } from "../base/check.ts";
import { wholeNumber } from "../base/numbers.ts";
import { permutation, randomStream, streams } from "../base/random.ts";
import { input, matmul } from "../graph/index.ts";
import { compile } from "../runtime/program.ts";
import type { Spread } from "./evaluation.ts";
import type { Features } from "./features.ts";
import { requireFeatures } from "./require-features.ts";

/** The random subsets that KID is averaged over. */
export interface KernelDistanceOptions {
  readonly seed: number;
  readonly subsets?: number;
  /** Drawings of each set in a subset; all of them where there are fewer. */
  readonly subsetSize?: number;
}

const schema = z.strictObject({
  seed: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  subsets: wholeNumber(1).optional(),
  subsetSize: wholeNumber(2).optional(),
} satisfies KeysOf<KernelDistanceOptions>);

/** The rows of `features` named by `order`, written to `into`. */
function gather({ size, values }: Features, order: Uint32Array, into: Float32Array): void {
  order.forEach((row, i) => {
    into.set(values.subarray(row * size, (row + 1) * size), i * size);
  });
}

/** Mean kernel of the pairs of different drawings, from the products [n, n] of one set with itself. */
function meanWithin(products: Float32Array, n: number): number {
  let sum = 0;
  for (let i = 1; i < n; i++)
    for (let j = 0; j < i; j++) {
      const base = (products[i * n + j] ?? 0) + 1;
      sum += base * base * base;
    }
  return (2 * sum) / (n * (n - 1));
}

function meanBetween(products: Float32Array): number {
  let sum = 0;
  for (const product of products) {
    const base = product + 1;
    sum += base * base * base;
  }
  return sum / products.length;
}

/**
 * KID (Binkowski et al. 2018, "Demystifying MMD GANs", section 4): the unbiased squared maximum mean discrepancy
 * (Gretton et al. 2012, eq. 3) under the kernel (x·y / size + 1)³, as mean and population standard deviation over
 * random subsets of 1000 drawings without replacement. Slightly below 0 where the sets are as alike as two samples
 * of one distribution; `std` is 0 where a subset holds all drawings.
 * @throws UserError with fewer than 2 drawings, features of different networks or not finite.
 */
export async function kernelDistance(
  a: Features,
  b: Features,
  options: KernelDistanceOptions,
): Promise<Spread> {
  checked(schema, options, "KID");
  const { seed, subsets = 100, subsetSize = 1000 } = options;
  requireFeatures("KID", 2, a, b);
  const { size } = a;
  const n = Math.min(subsetSize, a.count, b.count);
  const x = input("x", [n, size]);
  const y = input("y", [n, size]);
  const product = { transB: true, alpha: 1 / size };
  const program = await compile({
    xx: matmul(x, x, product),
    yy: matmul(y, y, product),
    xy: matmul(x, y, product),
  });
  try {
    const feeds = { x: new Float32Array(n * size), y: new Float32Array(n * size) };
    const distances: number[] = [];
    // All subsets of all drawings are the same one.
    const different = n < a.count || n < b.count ? subsets : 1;
    for (let i = 0; i < different; i++) {
      const stream = randomStream(seed, streams.metrics, i);
      gather(a, permutation(a.count, stream).subarray(0, n), feeds.x);
      gather(b, permutation(b.count, stream).subarray(0, n), feeds.y);
      const { xx, yy, xy } = await program.run(feeds);
      distances.push(meanWithin(xx, n) + meanWithin(yy, n) - 2 * meanBetween(xy));
    }
    const mean = distances.reduce((sum, distance) => sum + distance, 0) / different;
    const variance = distances.reduce((sum, distance) => sum + (distance - mean) ** 2, 0) / different;
    return { mean, std: Math.sqrt(variance) };
  } finally {
    await program.dispose();
  }
}
