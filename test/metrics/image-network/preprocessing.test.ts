import { describe, expect, it } from "vitest";
import { greyLevels, PICTURE_SIZE, preprocessor } from "../../../src/metrics/image-network/preprocessing.ts";
import { house } from "../../render/drawings.ts";

const blank = { strokes: [] };
const f32 = Math.fround;

describe("grey levels", () => {
  it("are 8-bit levels, black on white", () => {
    const levels = greyLevels(house);
    expect(levels).toHaveLength(256 * 256);
    expect(levels.every((level) => Number.isInteger(level) && level >= 0 && level <= 255)).toBe(true);
    expect(Math.min(...levels)).toBe(0);
    expect(new Set(levels).size).toBeGreaterThan(20);
    expect(new Set(greyLevels(blank))).toEqual(new Set([255]));
  });

  it("of a level line: 3 of 256 pixels wide, 200 long", () => {
    const levels = greyLevels({ strokes: [{ x: [0, 1], y: [0, 0] }] });
    const column = Array.from({ length: 256 }, (_, y) => levels[y * 256 + 128]);
    // From 126.5 to 129.5: two whole pixels, two half ones.
    expect(column.slice(125, 131)).toEqual([255, 128, 0, 0, 128, 255]);
    const inked = Array.from({ length: 256 }, (_, x) => levels[127 * 256 + x] === 0);
    expect([inked.indexOf(true), inked.lastIndexOf(true)]).toEqual([27, 228]);
  });
});

describe("without a change of size", () => {
  const levels = greyLevels(house);

  it("pytorch-fid: 2 x - 1 of x in 0 .. 1", () => {
    expect(preprocessor("pytorch-fid", PICTURE_SIZE, PICTURE_SIZE)(levels)).toEqual(
      levels.map((level) => f32(2 * f32(level / 255) - 1)),
    );
  });

  it("clean-fid: (x - 128) / 128", () => {
    expect(preprocessor("clean-fid", PICTURE_SIZE, PICTURE_SIZE)(levels)).toEqual(
      levels.map((level) => (level - 128) / 128),
    );
  });
});

describe("at Inception's size", () => {
  it.each([
    ["pytorch-fid", 1, 2 ** -22],
    ["clean-fid", 127 / 128, 2 ** -22],
  ] as const)("%s: paper is %f", (preprocessing, paper, rounding) => {
    const channel = preprocessor(preprocessing, 299, 299)(greyLevels(blank));
    expect(channel).toHaveLength(299 * 299);
    expect(Math.max(...channel.map((value) => Math.abs(value - paper)))).toBeLessThanOrEqual(rounding);
  });

  it("clean-fid: overshoot of the cubic is cut, levels in between are not rounded", () => {
    const levels = Float32Array.from({ length: 256 * 256 }, (_, i) => (i % 256 < 128 ? 0 : 255));
    const row = preprocessor("clean-fid", 299, 299)(levels).subarray(0, 299);
    expect(Math.min(...row)).toBe(-1);
    expect(Math.max(...row)).toBe(127 / 128);
    expect(row.some((value) => !Number.isInteger(128 * value))).toBe(true);
  });

  it("pytorch-fid: a smaller picture skips pixels, clean-fid averages them", () => {
    const stripes = Float32Array.from({ length: 256 * 256 }, (_, i) => (i % 256 === 3 ? 0 : 255));
    // Of every 8 pixels, bilinear sees the two in the middle: 3 and 4.
    expect(preprocessor("pytorch-fid", 32, 32)(stripes)[0]).toBe(0);
    expect(preprocessor("pytorch-fid", 32, 32)(stripes.map((_, i) => (i % 256 === 5 ? 0 : 255)))[0]).toBe(1);
    expect(
      preprocessor("clean-fid", 32, 32)(stripes.map((_, i) => (i % 256 === 5 ? 0 : 255)))[0],
    ).toBeLessThan(0.9);
  });
});
