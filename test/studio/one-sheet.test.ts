import fc from "fast-check";
import { expect, it } from "vitest";
import { replayGif } from "../../src/render/gif.ts";
import { toSvg } from "../../src/render/svg.ts";
import { columnsOf, onOneSheet } from "../../studio/src/one-sheet.ts";
import { readGif } from "../render/gif-reader.ts";

const LINE = { strokes: [{ x: [28, 228], y: [128, 128] }] };

it("has a column for every row, or one more", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), (count) => {
      const columns = columnsOf(count);
      const rows = Math.ceil(count / columns);
      expect(columns - rows === 0 || columns - rows === 1).toBe(true);
    }),
  );
});

it("puts drawings beside and below each other, in their order", () => {
  expect(onOneSheet([LINE])).toEqual(LINE);
  expect(onOneSheet([LINE, LINE, LINE]).strokes).toEqual([
    { x: [28, 228], y: [128, 128] },
    { x: [284, 484], y: [128, 128] },
    { x: [28, 228], y: [384, 384] },
  ]);
});

it("is drawn stroke by stroke, as a GIF and as an animated SVG", () => {
  const sheet = onOneSheet([LINE, LINE, LINE, LINE]);
  const { frames } = readGif(Buffer.from(replayGif(sheet)));
  expect(frames.length).toBeGreaterThan(4);
  const svg = toSvg(sheet, { animated: true });
  const delays = [...svg.matchAll(/animation-delay:([\d.]+)s/g)].map(([, delay]) => Number(delay));
  expect(delays).toHaveLength(4);
  expect(delays).toEqual([...delays].sort((a, b) => a - b));
});
