import { describe, expect, it } from "vitest";
import { permutation, randomStream } from "../../src/base/random.ts";
import type { Features } from "../../src/metrics/features.ts";
import {
  compareManifolds,
  type ManifoldMeasures,
  manifoldOf,
  type NeighbourCounts,
  nearestDistances,
} from "../../src/metrics/neighbours.ts";

const features = (rows: readonly (readonly number[])[]): Features => ({
  count: rows.length,
  size: rows[0].length,
  values: Float32Array.from(rows.flat()),
});

const line = (...places: readonly number[]) => features(places.map((place) => [place]));

const random = (seed: number, count: number, size: number, at = 0, spread = 1): Features => {
  const { normal } = randomStream(seed);
  return {
    count,
    size,
    values: Float32Array.from({ length: count * size }, () => at + spread * normal()),
  };
};

function distance(a: Features, i: number, b: Features, j: number): number {
  let sum = 0;
  for (let k = 0; k < a.size; k++) sum += (a.values[i * a.size + k] - b.values[j * a.size + k]) ** 2;
  return Math.sqrt(sum);
}

async function compare(real: Features, generated: Features, counts?: NeighbourCounts) {
  return compareManifolds(await manifoldOf(real, counts), await manifoldOf(generated, counts));
}

/** The papers' definitions, pair by pair. */
function definitions(real: Features, generated: Features, counts: NeighbourCounts): ManifoldMeasures {
  const indices = ({ count }: Features) => Array.from({ length: count }, (_, i) => i);
  const radii = (set: Features, k: number) =>
    indices(set).map(
      (i) =>
        indices(set)
          .filter((j) => j !== i)
          .map((j) => distance(set, i, set, j))
          .sort((a, b) => a - b)[k - 1],
    );
  const r = indices(real);
  const g = indices(generated);
  const near = (i: number, j: number, radius: number) => distance(real, i, generated, j) <= radius;
  const share = (flags: readonly boolean[]) => flags.filter(Boolean).length / flags.length;
  const precisionRadii = radii(real, counts.precisionRecall);
  const recallRadii = radii(generated, counts.precisionRecall);
  const coverageRadii = radii(real, counts.densityCoverage);
  return {
    precision: share(g.map((j) => r.some((i) => near(i, j, precisionRadii[i])))),
    recall: share(r.map((i) => g.some((j) => near(i, j, recallRadii[j])))),
    density:
      g.flatMap((j) => r.filter((i) => near(i, j, coverageRadii[i]))).length /
      (counts.densityCoverage * generated.count),
    coverage: share(r.map((i) => g.some((j) => near(i, j, coverageRadii[i])))),
  };
}

describe("nearestDistances", () => {
  it("finds the nearest of several blocks, as pair by pair", async () => {
    const queries = random(1, 1030, 3);
    const references = random(2, 4100, 3);
    const { distances, indices } = await nearestDistances(queries, references);
    for (let i = 0; i < queries.count; i++) {
      let best = 0;
      for (let j = 1; j < references.count; j++)
        if (distance(queries, i, references, j) < distance(queries, i, references, best)) best = j;
      expect([indices[i], distances[i]]).toEqual([best, Math.fround(distance(queries, i, references, best))]);
    }
  });

  it("is exactly 0 for an identical drawing, also where float32 products cannot tell it from its neighbours", async () => {
    // Rows of length 4000 that differ by 1e-3 and less, next to others that keep the mean far away.
    const close = random(3, 50, 16, 1000, 1e-3);
    const far = random(4, 50, 16, -1000, 1);
    const references: Features = {
      count: 100,
      size: 16,
      values: Float32Array.of(...far.values, ...close.values),
    };
    const { distances, indices } = await nearestDistances(close, references);
    expect(distances.every((value) => value === 0)).toBe(true);
    expect([...indices]).toEqual(Array.from({ length: 50 }, (_, i) => 50 + i));
  });

  it("names the first of equally near drawings", async () => {
    const { distances, indices } = await nearestDistances(line(0, 5), line(1, -1, 4, 6, 4));
    expect([...distances]).toEqual([1, 1]);
    expect([...indices]).toEqual([0, 2]);
  });
});

describe("compareManifolds", () => {
  it.each([
    [1, { precisionRecall: 3, densityCoverage: 5 }, 0],
    [2, { precisionRecall: 4, densityCoverage: 2 }, 0],
    [3, { precisionRecall: 3, densityCoverage: 5 }, 500],
  ])("agrees with the definitions (set %i)", async (seed, counts, at) => {
    const real = random(seed, 80, 4, at);
    const generated = random(seed + 10, 60, 4, at + 0.5, 0.7);
    expect(await compare(real, generated, counts)).toEqual(definitions(real, generated, counts));
  });

  it("does not depend on the order of the drawings", async () => {
    const shuffled = (set: Features, seed: number) =>
      features(
        [...permutation(set.count, randomStream(seed))].map((i) => [
          ...set.values.subarray(i * set.size, (i + 1) * set.size),
        ]),
      );
    const real = random(5, 70, 3);
    const generated = random(6, 70, 3, 0.3);
    expect(await compare(shuffled(real, 1), shuffled(generated, 2))).toEqual(await compare(real, generated));
  });

  it("is counted by hand on a line", async () => {
    const counts = { precisionRecall: 1, densityCoverage: 1 };
    const measures = await compare(line(0, 1, 3), line(0.5, 2, 10), counts);
    // Real balls [-1, 1], [0, 2], [1, 5]: 0.5 is in two, 2 in two (one on the surface), 10 in none.
    expect(measures.precision).toBeCloseTo(2 / 3, 12);
    expect(measures.density).toBeCloseTo(4 / 3, 12);
    expect(measures.coverage).toBe(1);
    // Generated balls [-1, 2], [0.5, 3.5], [2, 18] hold all real ones.
    expect(measures.recall).toBe(1);
  });

  it("of a set and itself is 1, with a density of (k + 1) / k: a ball holds its centre and k neighbours", async () => {
    const set = random(7, 90, 4);
    expect(await compare(set, set)).toEqual({ precision: 1, recall: 1, density: 6 / 5, coverage: 1 });
  });

  it("of generated drawings that lie inside is precise, and recalls nothing where they repeat one", async () => {
    const real = random(8, 60, 2);
    const [x, y] = real.values;
    const repeated = features(Array.from({ length: 40 }, () => [x + 1e-3, y]));
    const measures = await compare(real, repeated);
    expect(measures.precision).toBe(1);
    expect(measures.recall).toBe(0);
    // All are in the same balls: those of the few real drawings that have this point near.
    const balls = measures.density * 5;
    expect(balls).toBeCloseTo(Math.round(balls), 12);
    expect(measures.coverage).toBeCloseTo(balls / 60, 12);
    expect(balls).toBeLessThan(20);
  });

  it("recalls and covers half where one of two equal clusters is left out", async () => {
    const cluster = (at: number) => Array.from({ length: 20 }, (_, i) => [at, i]);
    const measures = await compare(features([...cluster(0), ...cluster(1000)]), features(cluster(0)));
    expect(measures.precision).toBe(1);
    expect(measures.recall).toBe(0.5);
    expect(measures.coverage).toBe(0.5);
  });

  it("is 0 for sets far apart", async () => {
    expect(await compare(random(1, 20, 3), random(2, 20, 3, 100))).toEqual({
      precision: 0,
      recall: 0,
      density: 0,
      coverage: 0,
    });
  });

  it("says what to do about sets it cannot compare", async () => {
    await expect(manifoldOf(line(1, 2, 3, 4, 5))).rejects.toThrow(/5 neighbours needs at least 6.*found 5/);
    await expect(compare(random(1, 9, 3), random(1, 9, 2))).rejects.toThrow(/found 3 and 2 of a drawing/);
    const real = await manifoldOf(random(1, 9, 3));
    const other = await manifoldOf(random(1, 9, 3), { precisionRecall: 1, densityCoverage: 5 });
    await expect(compareManifolds(real, other)).rejects.toThrow(RangeError);
  });
});
