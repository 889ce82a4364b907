import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/base/random.ts";
import type { Features } from "../../src/metrics/features.ts";
import { frechetDistance, frechetInfinity } from "../../src/metrics/frechet.ts";

const features = (rows: readonly (readonly number[])[]): Features => ({
  count: rows.length,
  size: rows[0].length,
  values: Float32Array.from(rows.flat()),
});

/** 2^k orthogonal rows of signs (Sylvester): all but the first add up to 0. */
const signs = (k: number): number[][] =>
  k === 0
    ? [[1]]
    : signs(k - 1).flatMap((row) => [
        [...row, ...row],
        [...row, ...row.map((v) => -v)],
      ]);

/** 2^k drawings with exactly this mean and the unbiased covariance root · rootᵀ, as far as float32 holds them. */
function gaussian(mean: readonly number[], root: readonly (readonly number[])[], k = 3): Features {
  const count = 2 ** k;
  const columns = signs(k).filter((row) => row.reduce((a, b) => a + b) === 0);
  const scale = Math.sqrt((count - 1) / count);
  return features(
    Array.from({ length: count }, (_, i) =>
      mean.map((m, d) => m + scale * root[d].reduce((sum, r, j) => sum + r * columns[j][i], 0)),
    ),
  );
}

const diagonal = (deviations: readonly number[]) =>
  deviations.map((value, i) => deviations.map((_, j) => (i === j ? value : 0)));

/** float32 moves a value by 2^-24 of it, and so a variance by 2^-23 |x| |x - m|: of some 40 here, less than 5e-6. */
const DIGITS = 5;

describe("frechetDistance", () => {
  it("is the closed form for covariances that commute", () => {
    const a = gaussian([0, 1, 2], diagonal([1, 2, 0.5]));
    const b = gaussian([1, 1, 0], diagonal([3, 1, 0.5]));
    // |m1 - m2|² + the squared differences of the deviations.
    expect(frechetDistance(a, b)).toBeCloseTo(1 + 4 + (2 ** 2 + 1 ** 2 + 0), DIGITS);
  });

  it("is the closed form for covariances that do not", () => {
    const rootA = [
      [2, 0],
      [1, 1],
    ];
    const rootB = [
      [1, 0],
      [-1, 0.5],
    ];
    // S1 = [[4, 2], [2, 2]], S2 = [[1, -1], [-1, 1.25]]; of 2 x 2, Tr √(S1 S2) = √(Tr(S1 S2) + 2 √det(S1 S2)).
    const traceOfProduct = 4 * 1 + 2 * (2 * -1) + 2 * 1.25;
    const determinant = (4 * 2 - 2 * 2) * (1 * 1.25 - 1 * 1);
    const expected = 4 + 2 + 1 + 1.25 - 2 * Math.sqrt(traceOfProduct + 2 * Math.sqrt(determinant));
    expect(frechetDistance(gaussian([5, 5], rootA), gaussian([5, 5], rootB))).toBeCloseTo(expected, DIGITS);
    expect(frechetDistance(gaussian([5, 5], rootA), gaussian([5, 5], rootB, 4))).toBeCloseTo(
      expected,
      DIGITS,
    );
  });

  it("holds for fewer drawings than features", () => {
    // m ± p and m ± q: covariances 2 p pᵀ and 2 q qᵀ of rank 1, and Tr √(S1 S2) = 2 |p·q|.
    const a = features([
      [1, 2, 2, 0],
      [-1, -2, -2, 0],
    ]);
    const b = features([
      [3, 1, 0, 4],
      [-3, 1, 0, -4],
    ]);
    expect(frechetDistance(a, b)).toBeCloseTo(1 + 2 * 9 + 2 * 25 - 4 * 3, 10);
  });

  it("is the squared distance of means for sets that do not vary", () => {
    expect(
      frechetDistance(
        features([
          [1, 2],
          [1, 2],
        ]),
        features([
          [4, 6],
          [4, 6],
          [4, 6],
        ]),
      ),
    ).toBe(25);
  });

  const random = (seed: number, count: number, size: number): Features => ({
    count,
    size,
    values: Float32Array.from({ length: count * size }, randomStream(seed).normal),
  });

  it.each([
    [300, 20],
    [12, 20],
  ])("is 0 for a set and itself, symmetric, and blind to a move of both (%i x %i)", (count, size) => {
    const a = random(1, count, size);
    const b = random(2, count + 3, size);
    const moved = ({ values, ...rest }: Features): Features => ({
      ...rest,
      values: values.map((v) => v + 8),
    });
    expect(frechetDistance(a, a)).toBeCloseTo(0, 10);
    expect(frechetDistance(b, a)).toBeCloseTo(frechetDistance(a, b), 10);
    // A move by 8 rounds every value to 2^-21 and so moves the distance by some 2 · size · 2^-21.
    expect(Math.abs(frechetDistance(moved(a), moved(b)) - frechetDistance(a, b))).toBeLessThan(40 * 2 ** -20);
  });

  it("says what to do about sets it cannot compare", () => {
    const a = random(1, 5, 3);
    expect(() => frechetDistance(a, random(1, 1, 3))).toThrow(/FID needs at least 2 drawings.*found 1/);
    expect(() => frechetDistance(a, random(1, 5, 4))).toThrow(/found 3 and 4 of a drawing/);
    expect(() => frechetDistance(a, { ...a, values: a.values.map((v, i) => (i === 7 ? NaN : v)) })).toThrow(
      /found NaN for drawing 2/,
    );
    expect(() => frechetDistance(a, { ...a, count: 4 })).toThrow(RangeError);
  });
});

describe("frechetInfinity", () => {
  const size = 6;
  const count = 300;
  // Exactly the distribution that is sampled: nothing is left of the reference's own bias.
  const truth = gaussian(
    Array.from({ length: size }, () => 0),
    diagonal(Array.from({ length: size }, () => 1)),
  );
  const sample = (trial: number): Features => ({
    count,
    size,
    values: Float32Array.from({ length: count * size }, randomStream(3, trial).normal),
  });
  const summary = (values: readonly number[]) => {
    const mean = values.reduce((a, b) => a + b) / values.length;
    const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1);
    return { mean, error: Math.sqrt(variance / values.length) };
  };

  it("takes away the bias of FID_N", () => {
    const trials = Array.from({ length: 40 }, (_, trial) => sample(trial));
    const finite = summary(trials.map((set) => frechetDistance(truth, set)));
    const infinite = summary(trials.map((set, trial) => frechetInfinity(truth, set, trial)));
    // To first order size / N of the mean and size (size + 1) / 4N of the covariance.
    const bias = (size + (size * (size + 1)) / 4) / count;
    expect(Math.abs(finite.mean - bias)).toBeLessThan(4 * finite.error + (bias * 2 * size) / count);
    expect(finite.mean).toBeGreaterThan(10 * finite.error);
    expect(Math.abs(infinite.mean)).toBeLessThan(4 * infinite.error);
    expect(infinite.mean).toBeLessThan(finite.mean / 4);
  });

  it("depends on the seed alone", () => {
    expect(frechetInfinity(truth, sample(1), 5)).toBe(frechetInfinity(truth, sample(1), 5));
    expect(frechetInfinity(truth, sample(1), 5)).not.toBe(frechetInfinity(truth, sample(1), 6));
  });

  it("asks for drawings enough to draw a line", () => {
    expect(() => frechetInfinity(truth, truth, 1)).toThrow(/at least 30 drawings.*found 8/);
  });
});
