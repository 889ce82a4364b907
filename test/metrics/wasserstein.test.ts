import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wasserstein } from "../../src/metrics/wasserstein.ts";

const sample = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 12 });

describe("wasserstein", () => {
  it("of a sample moved by c is |c|, in any order", () => {
    expect(wasserstein([3, 1, 2], [-2, -3, -4])).toBe(5);
  });

  it("of a point and a sample is the mean distance to it", () => {
    expect(wasserstein([1], [0, 1, 5])).toBeCloseTo((1 + 0 + 4) / 3, 14);
  });

  it("is the integral between the quantile functions for any counts", () => {
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        // With every value repeated as often as the other sample is long, quantiles pair up one to one.
        const stretch = (values: readonly number[], times: number) =>
          values.flatMap((value) => Array.from({ length: times }, () => value)).sort((x, y) => x - y);
        const x = stretch(a, b.length);
        const y = stretch(b, a.length);
        const integral = x.reduce((sum, value, i) => sum + Math.abs(value - y[i]), 0) / x.length;
        expect(wasserstein(a, b)).toBeCloseTo(integral, 12);
      }),
    );
  });

  it("needs values", () => {
    expect(() => wasserstein([], [1])).toThrow(/found 0 and 1 values/);
  });
});
