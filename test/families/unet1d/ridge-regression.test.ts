import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ridgeRegression } from "../../../src/families/unet1d/ridge-regression.ts";

const number = fc.double({ min: -10, max: 10, noNaN: true });
const problem = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 }))
  .chain(([rows, size]) =>
    fc.record({
      rows: fc.array(fc.array(number, { minLength: size, maxLength: size }), {
        minLength: rows,
        maxLength: rows,
      }),
      targets: fc.array(number, { minLength: rows, maxLength: rows }),
      ridge: fc.double({ min: 0.1, max: 10, noNaN: true }),
    }),
  );

describe("ridge regression", () => {
  test("of one number is the closed form", () => {
    const [weight] = ridgeRegression([[1], [2], [3]], 2)([2, 4, 5]);
    expect(weight).toBeCloseTo((2 + 8 + 15) / (1 + 4 + 9 + 2), 12);
  });

  test("finds the weights of an exact relation where the ridge is next to nothing", () => {
    const rows = [
      [1, 0, 2],
      [0, 3, 1],
      [2, 1, 0],
      [1, 1, 1],
    ];
    const weights = [0.5, -2, 4];
    const targets = rows.map((row) => row.reduce((sum, value, i) => sum + value * weights[i], 0));
    for (const [i, weight] of ridgeRegression(rows, 1e-12)(targets).entries())
      expect(weight).toBeCloseTo(weights[i], 8);
  });

  test("is where the slope of the squares is 0", () => {
    fc.assert(
      fc.property(problem, ({ rows, targets, ridge }) => {
        const weights = ridgeRegression(rows, ridge)(targets);
        const errors = rows.map(
          (row, k) => row.reduce((sum, value, i) => sum + value * weights[i], 0) - targets[k],
        );
        for (const [i, weight] of weights.entries()) {
          const slope = rows.reduce((sum, row, k) => sum + row[i] * errors[k], ridge * weight);
          expect(slope).toBeCloseTo(0, 6);
        }
      }),
    );
  });
});
