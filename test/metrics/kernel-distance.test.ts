import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/base/random.ts";
import type { Features } from "../../src/metrics/features.ts";
import { kernelDistance } from "../../src/metrics/kernel-distance.ts";

const make = (count: number, size: number, value: () => number): Features => ({
  count,
  size,
  values: Float32Array.from({ length: count * size }, value),
});

const row = ({ size, values }: Features, i: number) => [...values.subarray(i * size, (i + 1) * size)];

/** Gretton et al. 2012, eq. 3, as it stands. */
function definition(a: Features, b: Features): number {
  const kernel = (x: readonly number[], y: readonly number[]) =>
    (x.reduce((sum, v, i) => sum + v * y[i], 0) / x.length + 1) ** 3;
  const pairs = (x: Features, y: Features, keep: (i: number, j: number) => boolean) =>
    Array.from({ length: x.count }, (_, i) =>
      Array.from({ length: y.count }, (_, j) => (keep(i, j) ? kernel(row(x, i), row(y, j)) : 0)),
    )
      .flat()
      .reduce((sum, v) => sum + v, 0);
  const different = (i: number, j: number) => i !== j;
  return (
    pairs(a, a, different) / (a.count * (a.count - 1)) +
    pairs(b, b, different) / (b.count * (b.count - 1)) -
    (2 * pairs(a, b, () => true)) / (a.count * b.count)
  );
}

/** KID of `trials` pairs of small samples: mean and its standard error. */
async function repeated(trials: number, pair: (trial: number) => readonly [Features, Features]) {
  const values: number[] = [];
  for (let trial = 0; trial < trials; trial++) {
    const [a, b] = pair(trial);
    values.push((await kernelDistance(a, b, { seed: trial, subsets: 1 })).mean);
  }
  const mean = values.reduce((x, y) => x + y) / trials;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (trials - 1);
  return { values, mean, error: Math.sqrt(variance / trials) };
}

describe("kernelDistance", () => {
  it("is the definition where a subset holds all drawings", async () => {
    const { normal, uniform } = randomStream(1);
    const a = make(30, 7, normal);
    const b = make(30, 7, uniform);
    const { mean, std } = await kernelDistance(a, b, { seed: 0, subsets: 5 });
    // Kernels of some 10 from float32 products, each off by 7 · 2^-24 of itself.
    expect(Math.abs(mean - definition(a, b))).toBeLessThan(10 * 3 * 7 * 2 ** -24);
    expect(std).toBe(0);
  });

  it("leaves out a drawing's kernel with itself", async () => {
    const corners: Features = { count: 2, size: 2, values: Float32Array.of(1, 0, 0, 1) };
    expect((await kernelDistance(corners, corners, { seed: 0 })).mean).toBeCloseTo(1 + 1 - (1 + 1.5 ** 3), 6);
  });

  it("is 0 on average for two samples of one distribution, at times below", async () => {
    const { values, mean, error } = await repeated(200, (trial) => {
      const { normal } = randomStream(2, trial);
      return [make(12, 3, normal), make(15, 3, normal)];
    });
    expect(Math.abs(mean)).toBeLessThan(4 * error);
    expect(Math.min(...values)).toBeLessThan(0);
  });

  it("is on average that of the distributions: coins, and coins moved by c", async () => {
    const c = 0.5;
    const { mean, error } = await repeated(200, (trial) => {
      const { uniform } = randomStream(3, trial);
      const coin = () => (uniform() < 0.5 ? -1 : 1);
      return [make(15, 1, coin), make(15, 1, () => coin() + c)];
    });
    // (x y + 1)³ compares moments: 3 (m1 - n1)² + 3 (m2 - n2)² + (m3 - n3)², of 0, 1, 0 and c, 1 + c², 3c + c³.
    const expected = 3 * c ** 2 + 3 * c ** 4 + (3 * c + c ** 3) ** 2;
    expect(Math.abs(mean - expected)).toBeLessThan(4 * error);
    expect(error).toBeLessThan(expected / 10);
  });

  it("takes its subsets from the seed", async () => {
    const { normal } = randomStream(4);
    const a = make(40, 2, normal);
    const b = make(50, 2, normal);
    const of = (seed: number) => kernelDistance(a, b, { seed, subsets: 4, subsetSize: 10 });
    expect(await of(1)).toEqual(await of(1));
    expect(await of(1)).not.toEqual(await of(2));
    expect((await of(1)).std).toBeGreaterThan(0);
  });

  it("asks for two drawings of each kind", async () => {
    const a = make(5, 2, () => 1);
    await expect(
      kernelDistance(
        a,
        make(1, 2, () => 1),
        { seed: 0 },
      ),
    ).rejects.toThrow(/at least 2.*found 1/);
  });
});
