import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/base/random.ts";
import type { Features } from "../../src/metrics/features.ts";
import { nearestDistances } from "../../src/metrics/neighbours.ts";
import { novelty } from "../../src/metrics/novelty.ts";

const distances = (count: number, scale = 1) =>
  Float32Array.from({ length: count }, (_, i) => scale * (i + 1));

describe("novelty", () => {
  it("of held-out drawings themselves is 1, with the expected hundredth of copies", () => {
    expect(novelty(distances(1000), distances(1000))).toEqual({ ratio: 1, copies: 0.01 });
  });

  it("divides the medians", () => {
    expect(novelty(Float32Array.of(9, 2, 4, 3), Float32Array.of(7, 1, 5)).ratio).toBe(3.5 / 5);
  });

  it("shows a model that repeats training drawings, and one that does so half of the time", async () => {
    const random = (seed: number, count: number): Features => ({
      count,
      size: 8,
      values: Float32Array.from({ length: count * 8 }, randomStream(seed).normal),
    });
    const training = random(1, 300);
    const fresh = await nearestDistances(random(2, 200), training);
    const copied = await nearestDistances(training, training);
    expect(novelty(copied.distances, fresh.distances)).toEqual({ ratio: 0, copies: 1 });
    const half = Float32Array.of(...fresh.distances, ...copied.distances.subarray(0, 200));
    expect(novelty(half, fresh.distances).copies).toBeCloseTo((0.01 + 1) / 2, 12);
  });

  it("does not take new drawings for copies where some held-out drawings are in the training set", () => {
    const heldOut = distances(100);
    heldOut.fill(0, 0, 5);
    expect(novelty(distances(100), heldOut).copies).toBe(0);
    expect(novelty(heldOut, heldOut).copies).toBe(0.05);
  });

  it("needs drawings, and a yardstick longer than 0", () => {
    expect(() => novelty(distances(0), distances(3))).toThrow(/found 0 and 3/);
    expect(() => novelty(distances(3), new Float32Array(3))).toThrow(/hold out others/);
  });
});
