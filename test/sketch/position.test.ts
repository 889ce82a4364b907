import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodePositions, encodePositions } from "../../src/sketch/position.ts";
import { boundsOf, type Sketch } from "../../src/sketch/sketch.ts";

const corner: Sketch = {
  strokes: [
    { x: [0, 10, 10], y: [0, 0, 20] },
    { x: [5, 5], y: [5, 6] },
  ],
};

describe("encodePositions", () => {
  test("puts the middle of the box at 0 and the longer side from -1 to 1", () => {
    const encoded = encodePositions(corner, 8);
    expect(encoded?.length).toBe(5);
    expect([...(encoded?.positions ?? [])].slice(0, 10).map((v) => Number(v.toFixed(6)))).toEqual([
      -0.5, -1, 0.5, -1, 0.5, 1, 0, -0.5, 0, -0.4,
    ]);
    expect([...(encoded?.pens ?? [])]).toEqual([0, 0, 1, 0, 1, 1, 1, 1]);
  });

  test("repeats the last point as padding", () => {
    const { positions } = encodePositions(corner, 8) ?? { positions: new Float32Array() };
    for (let i = 5; i < 8; i++)
      expect([...positions.slice(2 * i, 2 * i + 2)]).toEqual([...positions.slice(8, 10)]);
  });

  test("leaves out drawings without strokes and those of too many points", () => {
    expect(encodePositions({ strokes: [{ x: [1], y: [1] }] }, 8)).toBeUndefined();
    expect(encodePositions(corner, 4)).toBeUndefined();
  });

  test("gives back every drawing, moved and scaled", () => {
    const stroke = fc
      .array(fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 255 })), {
        minLength: 2,
        maxLength: 6,
      })
      .map((points) => ({ x: points.map(([x]) => x), y: points.map(([, y]) => y) }));
    fc.assert(
      fc.property(fc.array(stroke, { minLength: 1, maxLength: 5 }), (strokes) => {
        const sketch = { strokes };
        const encoded = encodePositions(sketch, 32);
        if (encoded === undefined) throw new Error("30 points fit");
        const back = decodePositions(encoded.positions, encoded.pens);
        expect(back.strokes.map(({ x }) => x.length)).toEqual(strokes.map(({ x }) => x.length));
        const { minX, minY, maxX, maxY } = boundsOf(sketch) ?? { minX: 0, minY: 0, maxX: 0, maxY: 0 };
        const half = Math.max(maxX - minX, maxY - minY) / 2;
        for (const [s, { x, y }] of back.strokes.entries()) {
          for (let i = 0; i < x.length; i++) {
            expect(x[i] * half + (minX + maxX) / 2).toBeCloseTo(strokes[s].x[i], 3);
            expect(y[i] * half + (minY + maxY) / 2).toBeCloseTo(strokes[s].y[i], 3);
          }
        }
      }),
    );
  });
});
