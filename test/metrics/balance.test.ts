import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UserError } from "../../src/base/errors.ts";
import { balancedCounts, inTurn, takeInTurn } from "../../src/metrics/balance.ts";

const names = ["cat", "bus", "owl"];

describe("balancedCounts", () => {
  test("takes as many as the set with the fewest has, and all of a small category", () => {
    const available = [
      [5, 9],
      [Infinity, 3],
      [40, 50],
    ];
    expect(balancedCounts(names, available, 1000)).toEqual([5, 3, 40]);
    expect(balancedCounts(names, available, 18)).toEqual([5, 3, 10]);
    expect(balancedCounts(names, available, 8)).toEqual([2, 2, 2]);
    expect(balancedCounts(names, available, 1)).toEqual([1, 1, 1]);
  });

  test("only models: the bound decides", () => {
    expect(balancedCounts(["cat", "bus"], [[Infinity], [Infinity]], 31)).toEqual([15, 15]);
  });

  test("a category that a set has nothing of is named", () => {
    const counts = () => balancedCounts(names, [[1], [0, 4], [2]], 10);
    expect(counts).toThrow(UserError);
    expect(counts).toThrow("bus: one of the sets has no drawing of it");
  });

  test("never more than there are, never more than asked above one each, and no more would fit", () => {
    const available = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(available, fc.integer({ min: 1, max: 200 }), (each, most) => {
        const categories = each.map(String);
        const counts = balancedCounts(
          categories,
          each.map((count) => [count]),
          most,
        );
        const total = counts.reduce((a, b) => a + b);
        const cap = Math.max(...counts);
        expect(counts).toEqual(each.map((count) => Math.min(count, cap)));
        if (cap > 1) expect(total).toBeLessThanOrEqual(most);
        const more = each.reduce((sum, count) => sum + Math.min(count, cap + 1), 0);
        if (cap < Math.max(...each)) expect(more).toBeGreaterThan(most);
      }),
    );
  });
});

test("categories come in turn, each with its first drawings", () => {
  const labels = inTurn([2, 1, 3]);
  expect(labels).toEqual([0, 1, 2, 0, 2, 2]);
  const drawings = [["a1", "a2", "a3"], ["b1"], ["c1", "c2", "c3"]];
  expect(takeInTurn(drawings, labels)).toEqual(["a1", "b1", "c1", "a2", "c2", "c3"]);
});
