import fc from "fast-check";
import { expect, it } from "vitest";
import { fromText, roundStrokes, toText } from "../../studio/src/strokes-text.ts";

const coordinate = fc.double({ min: -60, max: 320, noNaN: true });
const stroke = fc
  .array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 20 })
  .map((points) => ({ x: points.map(([x]) => x), y: points.map(([, y]) => y) }));

it("strokes come back from a link to a tenth of a pixel, and then stay as they are", () => {
  fc.assert(
    fc.property(fc.array(stroke, { maxLength: 5 }), (strokes) => {
      const rounded = roundStrokes(strokes);
      expect(fromText(toText(strokes))).toEqual(rounded);
      expect(roundStrokes(rounded)).toEqual(rounded);
      for (const [i, { x, y }] of strokes.entries())
        for (const [j, value] of [...x, ...y].entries())
          expect([...rounded[i].x, ...rounded[i].y][j]).toBeCloseTo(value, 0);
      expect(encodeURIComponent(toText(strokes))).toBe(toText(strokes));
    }),
  );
});

it.each(["", "a", "abcde", "..", "ab!d", "abcd."])("%j says no strokes", (text) => {
  expect(fromText(text)).toEqual([]);
});
