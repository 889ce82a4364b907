import { describe, expect, test } from "vitest";
import { at } from "../../../src/base/at.ts";
import { randomStream } from "../../../src/base/random.ts";
import { drawOffset, mixtureOf, negativeLogLikelihood } from "../../../src/families/sketchrnn-mdn/mixture.ts";
import { input } from "../../../src/graph/tensor.ts";
import { checkGraph, normals } from "../../graph/check.ts";
import { evaluate } from "../../graph/reference.ts";

/** -log p of offsets under one and the same mixture. */
function likelihoods(parameters: ArrayLike<number>, offsets: readonly (readonly number[])[], sigmaFloor = 0) {
  const mixtures = parameters.length / 6;
  const output = input("output", [1, 6 * mixtures]);
  const offset = input("offset", [offsets.length, 2]);
  const y = negativeLogLikelihood(mixtureOf(output, { mixtures, sigmaFloor }), offset);
  return at(
    evaluate([y], {
      output: Float64Array.from(parameters),
      offset: Float64Array.from(offsets.flat()),
    }),
    0,
  );
}

/** Two components, of which the second is slanted. */
const two = [0.3, -0.4, 1, -1, 0.5, 2, Math.log(0.5), Math.log(0.8), Math.log(0.7), Math.log(0.3), 0, 0.9];

describe("a mixture of normal distributions", () => {
  test("of one component without correlation has the density of two normal distributions", () => {
    const [sigmaX, sigmaY] = [0.5, 2];
    const offsets = [
      [1, 2],
      [0, 0],
      [-3, 8],
    ] as const;
    const found = likelihoods([0.7, 1, 2, Math.log(sigmaX), Math.log(sigmaY), 0], offsets);
    const normal = (z: number, sigma: number) => z ** 2 / 2 + Math.log(sigma * Math.sqrt(2 * Math.PI));
    const expected = offsets.map(
      ([x, y]) => normal((x - 1) / sigmaX, sigmaX) + normal((y - 2) / sigmaY, sigmaY),
    );
    for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 6);
  });

  test("has a density whose integral is 1, and the correlation that it says", () => {
    const STEP = 0.125;
    const axis = Array.from({ length: 121 }, (_, i) => (i - 60) * STEP);
    const grid = axis.flatMap((x) => axis.map((y) => [x, y] as const));
    const single = [0, 0, 0, Math.log(0.7), Math.log(1.2), Math.atanh(0.6)];
    for (const [parameters, correlation] of [
      [two, undefined],
      [single, 0.6],
    ] as const) {
      const density = [...likelihoods(parameters, grid)].map((value) => Math.exp(-value) * STEP ** 2);
      expect(density.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6);
      if (correlation === undefined) continue;
      const covariance = grid.reduce((sum, [x, y], i) => sum + at(density, i) * x * y, 0);
      expect(covariance).toBeCloseTo(correlation * 0.7 * 1.2, 6);
    }
  });

  test("is never narrower than its floor", () => {
    const [atMean] = likelihoods([0, 0, 0, -100, -100, 0], [[0, 0]], 0.1);
    expect(atMean).toBeCloseTo(Math.log(2 * Math.PI * 0.1 ** 2), 6);
  });

  test("has the gradients of its density", () => {
    const output = input("output", [3, 12]);
    const offset = input("offset", [3, 2]);
    const y = negativeLogLikelihood(mixtureOf(output, { mixtures: 2, sigmaFloor: 0.05 }), offset);
    return checkGraph({
      inputs: [output, offset],
      outputs: [y],
      feeds: { output: normals(36, 1).map((value) => value / 2) },
    });
  });

  test("stays finite where an offset is far away and a component all but a line", () => {
    const found = likelihoods([0, 0, 0, -9, -9, 8], [[40, -40]], 0.01);
    expect(Number.isFinite(found[0])).toBe(true);
  });
});

describe("offsets that a mixture draws", () => {
  const COUNT = 20_000;
  const drawn = (parameters: readonly number[], temperature: number) => {
    const sizes = { mixtures: parameters.length / 6, sigmaFloor: 0 };
    const stream = randomStream(3, 0);
    return Array.from({ length: COUNT }, () =>
      drawOffset(Float32Array.from(parameters), sizes, temperature, stream),
    );
  };
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

  test.each([1, 0.25])("are spread as the temperature %d says", (temperature) => {
    const [sigmaX, sigmaY, rho] = [0.5, 2, 0.6];
    const single = [0, 1, -2, Math.log(sigmaX), Math.log(sigmaY), Math.atanh(rho)];
    const offsets = drawn(single, temperature);
    const x = offsets.map(([dx]) => (dx - 1) / (sigmaX * Math.sqrt(temperature)));
    const y = offsets.map(([, dy]) => (dy + 2) / (sigmaY * Math.sqrt(temperature)));
    // Four standard errors.
    const near = 4 / Math.sqrt(COUNT);
    expect(Math.abs(mean(x))).toBeLessThan(near);
    expect(Math.abs(mean(y))).toBeLessThan(near);
    expect(Math.abs(mean(x.map((z) => z * z)) - 1)).toBeLessThan(near * Math.SQRT2);
    expect(Math.abs(mean(x.map((z, i) => z * at(y, i))) - rho)).toBeLessThan(near * Math.SQRT2);
  });

  test("are of a component as often as its share, which a low temperature makes more unequal", () => {
    const far = [0, -1, 0, 10, 0, 0, -3, -3, -3, -3, 0, 0];
    const share = (temperature: number) => mean(drawn(far, temperature).map(([dx]) => Number(dx > 5)));
    const expected = (temperature: number) => 1 / (1 + Math.exp(1 / temperature));
    for (const temperature of [1, 0.4])
      expect(Math.abs(share(temperature) - expected(temperature))).toBeLessThan(4 * Math.sqrt(0.25 / COUNT));
    expect(share(0)).toBe(0);
  });
});
