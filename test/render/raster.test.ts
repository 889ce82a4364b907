import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blankRaster, drawSegment, rasterise } from "../../src/sketch/raster.ts";
import { fitInto, mapPoints } from "../../src/sketch/sketch.ts";
import { anySketch, house } from "./drawings.ts";

/** Column `x` of the raster, from the top. */
const column = (coverage: Float32Array, size: number, x: number): number[] =>
  Array.from({ length: size }, (_, row) => coverage[row * size + x]);

const segment = (size: number, width: number, ...ends: [number, number, number, number]): Float32Array => {
  const raster = blankRaster(size, width);
  drawSegment(raster, ...ends);
  return raster.coverage;
};

describe("drawSegment", () => {
  it("covers of each pixel what a level line of any width and height covers", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 5, noNaN: true }),
        fc.double({ min: 5, max: 11, noNaN: true }),
        (width, y) => {
          const found = column(segment(16, width, 0, y, 16, y), 16, 8);
          for (const [row, coverage] of found.entries()) {
            const inside = Math.min(row + 1, y + width / 2) - Math.max(row, y - width / 2);
            expect(coverage).toBeCloseTo(Math.max(0, Math.min(1, inside)), 6);
          }
        },
      ),
    );
  });

  it("ends in a half circle and draws a dot as a disc", () => {
    const dot = segment(32, 20, 16, 16, 16, 16);
    const area = dot.reduce((sum, coverage) => sum + coverage, 0);
    expect(Math.abs(area / (Math.PI * 10 ** 2) - 1)).toBeLessThan(0.01);
    const line = segment(32, 10, 10, 16, 22, 16).reduce((sum, coverage) => sum + coverage, 0);
    expect(Math.abs(line / (12 * 10 + Math.PI * 5 ** 2) - 1)).toBeLessThan(0.01);
  });

  it("covers a slanted line's area, its length times its width", () => {
    const area = segment(64, 4, 8, 12, 56, 40).reduce((sum, coverage) => sum + coverage, 0);
    const length = Math.sqrt(48 ** 2 + 28 ** 2);
    expect(Math.abs(area / (length * 4 + Math.PI * 2 ** 2) - 1)).toBeLessThan(0.01);
  });

  it("returns a box that holds all that changed, also for lines that leave the picture", () => {
    const end = fc.double({ min: -20, max: 40, noNaN: true });
    fc.assert(
      fc.property(
        end,
        end,
        end,
        end,
        fc.double({ min: 0.1, max: 8, noNaN: true }),
        (x0, y0, x1, y1, width) => {
          const raster = blankRaster(20, width);
          const { left, top, right, bottom } = drawSegment(raster, x0, y0, x1, y1);
          for (const [i, coverage] of raster.coverage.entries()) {
            if (coverage === 0) continue;
            const [x, y] = [i % 20, Math.floor(i / 20)];
            expect(coverage).toBeLessThanOrEqual(1);
            expect(x >= left && x < right && y >= top && y < bottom).toBe(true);
          }
        },
      ),
    );
  });
});

describe("rasterise", () => {
  it("is 64 x 64 with the seed's margin, paper 0 and ink 1", () => {
    const coverage = rasterise({ strokes: [{ x: [0, 1], y: [0, 0] }] });
    expect(coverage.length).toBe(64 * 64);
    // 200 / 256 of 64 is 50: from 7 to 57 in the middle; the line of 0.75 px lies on the edge of rows 31 and 32.
    expect(column(coverage, 64, 30).slice(30, 34)).toEqual([0, 0.375, 0.375, 0]);
    expect(coverage[31 * 64 + 7]).toBe(0.375);
    expect(coverage[31 * 64 + 5]).toBe(0);
  });

  it("turns over with the drawing", () => {
    const reversed = (coverage: Float32Array, size: number) =>
      coverage.map((_, i) => coverage[Math.floor(i / size) * size + size - 1 - (i % size)]);
    fc.assert(
      fc.property(anySketch, (sketch) => {
        const size = 24;
        const mirrored = rasterise(
          mapPoints(fitInto(sketch, size, 3), (x, y) => [size - x, y]),
          { size },
        );
        const expected = reversed(rasterise(fitInto(sketch, size, 3), { size }), size);
        for (const [i, value] of mirrored.entries()) expect(Math.abs(value - expected[i])).toBeLessThan(1e-6);
      }),
    );
  });

  it("does not care in which order strokes are drawn", () => {
    const backwards = {
      strokes: house.strokes.map(({ x, y }) => ({ x: x.toReversed(), y: y.toReversed() })),
    };
    const reordered = { strokes: backwards.strokes.toReversed() };
    const expected = rasterise(house);
    for (const [i, value] of rasterise(reordered).entries()) expect(value).toBeCloseTo(expected[i], 6);
  });

  it("is blank for a drawing without points", () => {
    expect(rasterise({ strokes: [] }, { size: 8 }).every((coverage) => coverage === 0)).toBe(true);
  });
});
