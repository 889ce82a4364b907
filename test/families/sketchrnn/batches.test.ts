import { describe, expect, test } from "vitest";
import { at } from "../../../src/base/at.ts";
import { randomStream } from "../../../src/base/random.ts";
import { augmented } from "../../../src/families/sketchrnn/augment.ts";
import { makeBatch } from "../../../src/families/sketchrnn/batches.ts";
import { quick } from "../../../src/families/sketchrnn/presets.ts";
import { encode } from "../../../src/families/sketchrnn/training-set.ts";
import type { Sketch } from "../../../src/sketch/sketch.ts";
import { tinyNetwork } from "./tiny.ts";

const zigzag = (corners: number): Sketch => ({
  strokes: [
    {
      x: Array.from({ length: corners }, (_, i) => 10 * i),
      y: Array.from({ length: corners }, (_, i) => i % 2),
    },
  ],
});
const training = { ...quick.optimisation.decoder, batchSize: 3 };
const drawings = [
  { category: "cat", sketches: [zigzag(4), zigzag(12), zigzag(13)] },
  { category: "bus", sketches: [zigzag(3)] },
];

describe("a training set", () => {
  test("leaves out what has too many points, and has offsets of deviation 1", () => {
    const { set, scale, left } = encode(drawings, tinyNetwork);
    expect(left).toBe(1);
    expect([...set.labels]).toEqual([0, 0, 1]);
    const offsets = set.drawings.flatMap((steps) => [...steps.offsets]);
    const mean = offsets.reduce((a, b) => a + b, 0) / offsets.length;
    const variance = offsets.reduce((sum, offset) => sum + (offset - mean) ** 2, 0) / offsets.length;
    expect(variance).toBeCloseTo(1, 5);
    expect(scale).toBeGreaterThan(1);
    expect(encode(drawings, tinyNetwork, 2).scale).toBe(2);
  });

  test("is refused where nothing fits, and where nothing moves", () => {
    const dot: Sketch = { strokes: [{ x: [5, 5, 5], y: [5, 5, 5] }] };
    expect(() => encode([{ category: "cat", sketches: [zigzag(40)] }], tinyNetwork)).toThrow(
      "None of the drawings can be written in 12 points",
    );
    expect(() => encode([{ category: "cat", sketches: [dot] }], tinyNetwork)).toThrow("at the same place");
  });
});

describe("a batch", () => {
  const { set } = encode(drawings, tinyNetwork);
  const batch = (step: number, options = training) =>
    makeBatch(set, Uint32Array.of(0, 2, 1), step, {
      network: tinyNetwork,
      training: options,
      noise: undefined,
    });

  test("depends on the step and the seed, and on nothing else", () => {
    expect(batch(5)).toEqual(batch(5));
    expect(batch(6).steps).not.toEqual(batch(5).steps);
    expect(batch(5, { ...training, seed: 1 }).steps).not.toEqual(batch(5).steps);
  });

  test("has the drawings in order, each with its end", () => {
    const { steps, labels } = batch(0, { ...training, augment: false });
    expect(labels).toEqual(BigInt64Array.of(0n, 1n, 0n));
    const rows = tinyNetwork.points + 1;
    const ends = [0, 1, 2].map((drawing) =>
      Array.from({ length: rows }, (_, row) => steps[(drawing * rows + row) * 5 + 4]).indexOf(1),
    );
    // Zeros, then one step fewer than points.
    expect(ends).toEqual([4, 3, 12]);
    expect(at(steps, 5)).toBeCloseTo(at(at(set.drawings, 0).offsets, 0), 6);
  });

  test("drops as many units as the setting says, and keeps the sum of the others", () => {
    const wide = { ...tinyNetwork, hidden: 4000 };
    const options = { network: wide, training: { ...training, recurrentDropout: 0.25 }, noise: undefined };
    const kept = makeBatch(set, Uint32Array.of(0, 1, 2), 0, options).kept;
    const values = Array.from(kept);
    expect(new Set(values)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    // Four standard errors of a share of a quarter.
    expect(Math.abs(mean - 1)).toBeLessThan((4 * Math.sqrt(0.25 / 0.75)) / Math.sqrt(values.length));
  });
});

describe("an augmented drawing", () => {
  const { set } = encode([{ category: "cat", sketches: [zigzag(12), zigzag(12)] }], tinyNetwork);
  const drawing = at(set.drawings, 0);
  const width = (offsets: Float32Array) =>
    offsets.reduce((sum, offset, i) => (i % 2 === 0 ? sum + offset : sum), 0);

  test("ends where it ended but for its stretch, whatever was left out", () => {
    const lengths = Array.from({ length: 200 }, (_, i) => {
      const { offsets, pens } = augmented(drawing, randomStream(1, i));
      const stretch = width(offsets) / width(drawing.offsets);
      expect(Math.abs(stretch - 1)).toBeLessThan(0.1501);
      expect(offsets.length).toBe(2 * pens.length);
      expect(pens[pens.length - 1]).toBe(1);
      return pens.length;
    });
    const leftOut = drawing.pens.length - lengths.reduce((a, b) => a + b, 0) / lengths.length;
    // Nine points lie inside of the stroke; four standard errors of as many coins.
    expect(Math.abs(leftOut - 0.9)).toBeLessThan(4 * Math.sqrt((9 * 0.1 * 0.9) / 200));
  });
});
