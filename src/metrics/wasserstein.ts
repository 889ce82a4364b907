import { at } from "../base/at.ts";

/**
 * The 1-Wasserstein distance of two samples of numbers, in their unit: the area between their quantile functions
 * (Villani 2003, "Topics in optimal transportation", 2.2.2), exact for any counts.
 * @throws RangeError for an empty sample.
 */
export function wasserstein(a: readonly number[], b: readonly number[]): number {
  if (a.length === 0 || b.length === 0)
    throw new RangeError(
      `a Wasserstein distance needs two samples, found ${a.length} and ${b.length} values`,
    );
  const x = a.toSorted((u, v) => u - v);
  const y = b.toSorted((u, v) => u - v);
  let area = 0;
  // Steps of the quantile functions lie at i / a.length and j / b.length: `from` counts in 1 / (a.length b.length).
  for (let i = 0, j = 0, from = 0; i < x.length && j < y.length; ) {
    const next = Math.min((i + 1) * y.length, (j + 1) * x.length);
    area += (next - from) * Math.abs(at(x, i) - at(y, j));
    from = next;
    if (from === (i + 1) * y.length) i++;
    if (from === (j + 1) * x.length) j++;
  }
  return area / (x.length * y.length);
}
