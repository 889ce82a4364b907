import fc from "fast-check";
import { expect, it } from "vitest";
import {
  denormalised,
  identity,
  normalised,
  statisticsOf,
} from "../../../src/families/autoencoder/statistics.ts";

it("measures the channels of codes each by itself", () => {
  // Two channels: 1, 3, 5 and always 7.
  expect(statisticsOf(Float32Array.of(1, 7, 3, 7, 5, 7), 2)).toEqual({
    mean: [3, 7],
    std: [Math.fround(Math.sqrt(8 / 3)), 1],
  });
});

it("normalised codes have mean 0 and deviation 1, or 0 where they never change, and go back to what they were", () => {
  const eighths = fc.array(
    fc.integer({ min: -800, max: 800 }).map((value) => value / 8),
    { minLength: 12, maxLength: 60 },
  );
  fc.assert(
    fc.property(eighths, (values) => {
      const codes = Float32Array.from(values.slice(0, 3 * Math.floor(values.length / 3)));
      const statistics = statisticsOf(codes, 3);
      const plain = normalised(codes, statistics);
      const { mean, std } = statisticsOf(plain, 3);
      for (const value of mean) expect(value).toBeCloseTo(0, 4);
      for (const value of std) expect(value).toBeCloseTo(1, 4);
      for (const [i, value] of denormalised(plain, statistics).entries())
        expect(value).toBeCloseTo(codes[i] ?? 0, 3);
    }),
  );
});

it("statistics that change nothing change nothing", () => {
  const codes = Float32Array.of(1, -2, 3, 4);
  expect(normalised(codes, identity(2))).toEqual(codes);
});
