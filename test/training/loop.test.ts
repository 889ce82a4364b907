import { describe, expect, test } from "vitest";
import { epochOrder, stepsPerEpoch } from "../../src/training/loop.ts";

describe("epochs", () => {
  test("an order holds every drawing once and is another one in every epoch", () => {
    const orders = [0, 1, 2].map((epoch) => epochOrder(50, 42, epoch));
    const all = Uint32Array.from({ length: 50 }, (_, i) => i);
    for (const order of orders) expect(order.slice().sort()).toEqual(all);
    expect(orders[0]).not.toEqual(orders[1]);
    expect(epochOrder(50, 42, 1)).toEqual(orders[1]);
    expect(epochOrder(50, 43, 1)).not.toEqual(orders[1]);
  });

  test("the last, incomplete batch is dropped", () => {
    expect(stepsPerEpoch({ drawings: 50 }, 8)).toBe(6);
    expect(stepsPerEpoch({ drawings: 50 }, 50)).toBe(1);
    expect(stepsPerEpoch({ drawings: 50 }, 51)).toBe(0);
  });
});
