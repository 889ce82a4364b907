import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeDeltas, encodeDeltas, traceStrokes } from "../../src/sketch/delta.ts";
import { sketches } from "./arbitrary.ts";

describe("encodeDeltas", () => {
  it("writes steps, lifts the pen after each stroke and pads", () => {
    const sketch = {
      strokes: [
        { x: [10, 12], y: [20, 25] },
        { x: [9], y: [9] },
        { x: [5, 5, 4], y: [1, 2, 3] },
      ],
    };
    const encoded = encodeDeltas(sketch, 7);
    expect([...(encoded?.deltas ?? [])]).toEqual([10, 20, 2, 5, -7, -24, 0, 1, -1, 1, 0, 0, 0, 0]);
    expect([...(encoded?.pens ?? [])]).toEqual([0, 1, 0, 0, 1, 1, 1]);
    expect(encoded?.length).toBe(5);
  });

  it("cuts a long drawing off, the pen down where the stroke went on", () => {
    const x = Array.from({ length: 10_000 }, (_, i) => i);
    const encoded = encodeDeltas({ strokes: [{ x, y: x }] });
    expect(encoded?.length).toBe(128);
    expect(encoded?.pens.every((pen) => pen === 0)).toBe(true);
  });

  it("drops drawings of fewer than 3 points, strokes of one point not counted", () => {
    expect(encodeDeltas({ strokes: [] })).toBeUndefined();
    expect(encodeDeltas({ strokes: [{ x: [1, 2], y: [1, 2] }] })).toBeUndefined();
    expect(
      encodeDeltas({
        strokes: [
          { x: [1], y: [1] },
          { x: [1, 2], y: [1, 2] },
        ],
      }),
    ).toBeUndefined();
  });

  it("does not write beyond its end, whatever comes", () => {
    fc.assert(
      fc.property(sketches(12, 0, 9), fc.integer({ min: 3, max: 40 }), (sketch, points) => {
        const encoded = encodeDeltas(sketch, points);
        if (encoded === undefined) return;
        const { deltas, pens, length } = encoded;
        expect([deltas.length, pens.length]).toEqual([2 * points, points]);
        expect(deltas.subarray(2 * length).every((delta) => delta === 0)).toBe(true);
        expect(pens.subarray(length).every((pen) => pen === 1)).toBe(true);
      }),
    );
  });
});

describe("decodeDeltas", () => {
  it("gives back what was encoded", () => {
    fc.assert(
      fc.property(sketches(8, 2, 9), (sketch) => {
        const encoded = encodeDeltas(sketch);
        if (encoded !== undefined) expect(decodeDeltas(encoded.deltas, encoded.pens)).toEqual(sketch);
      }),
    );
  });

  it("cuts above 0.5 only, and at the end", () => {
    const deltas = Float32Array.of(1, 1, 1, 0, 1, 0, 1, 0);
    const { strokes } = decodeDeltas(deltas, Float32Array.of(0.5, 0.51, 0.2, 0.1));
    expect(strokes).toEqual([
      { x: [1, 2], y: [1, 1] },
      { x: [3, 4], y: [1, 1] },
    ]);
  });

  it("drops strokes of one point but goes on from them", () => {
    const pens = Float32Array.of(1, 0, 1);
    const deltas = Float32Array.of(5, 5, 1, 1, 1, 1);
    expect(decodeDeltas(deltas, pens).strokes).toEqual([{ x: [6, 7], y: [6, 7] }]);
    expect(traceStrokes(deltas, pens)).toHaveLength(2);
  });
});
