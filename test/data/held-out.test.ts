import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { collect } from "../../src/base/collect.ts";
import { type HeldOutWanted, heldOutSplits } from "../../src/data/held-out.ts";
import { isForTesting } from "../../src/data/key-hash.ts";
import { openSource, type Source } from "../../src/data/source.ts";
import type { Sketch } from "../../src/sketch/sketch.ts";

const COUNT = 400;

/** Drawings that are told apart by their keys alone. */
const keyed = (category: string): Sketch[] =>
  Array.from({ length: COUNT }, (_, i) => ({
    word: category,
    keyId: `${category}${i}`,
    strokes: [{ x: [0, 255], y: [7, 9] }],
  }));

const source: Source = {
  kind: "folder",
  description: "made up",
  categories: async () => ["cat", "bus"],
  find: async (category) => category,
  async *drawings(category, { report } = {}) {
    for (const [line, sketch] of keyed(category).entries()) {
      if (report) report.lines = line + 1;
      yield { sketch, line };
    }
  },
};

const wanted: HeldOutWanted = { categories: ["cat", "bus"], fraction: 0.2 };
const keys = (sketches: readonly Sketch[]) => sketches.map(({ keyId }) => keyId);

describe("a split by key", async () => {
  const splits = await collect(heldOutSplits(source, wanted));

  it("is of the asked categories, in their order", () => {
    expect(splits.map(({ category }) => category)).toEqual(["cat", "bus"]);
    for (const { category, train, heldOut } of splits)
      for (const { word } of [...train, ...heldOut]) expect(word).toBe(category);
  });

  it("has every drawing on one side, where its hash says, in the order of the file", () => {
    for (const { category, train, heldOut } of splits) {
      const all = keyed(category);
      expect(keys(heldOut)).toEqual(keys(all.filter((sketch) => isForTesting(sketch, 0.2))));
      expect(keys(train)).toEqual(keys(all.filter((sketch) => !isForTesting(sketch, 0.2))));
      expect(new Set([...keys(train), ...keys(heldOut)]).size).toBe(COUNT);
    }
  });

  it("holds out about the asked share", () => {
    for (const { heldOut } of splits) {
      const standardError = Math.sqrt((0.2 * 0.8) / COUNT);
      expect(Math.abs(heldOut.length / COUNT - 0.2)).toBeLessThan(4 * standardError);
    }
  });

  it("has a report of its own for each category", () => {
    expect(splits.map(({ report }) => report.lines)).toEqual([COUNT, COUNT]);
    expect(splits[0].report).not.toBe(splits[1].report);
  });

  it.each([0, 1, 50])(
    "mostTraining %i keeps the first training drawings and all held-out ones",
    async (n) => {
      const bounded = await collect(heldOutSplits(source, { ...wanted, mostTraining: n }));
      for (const [i, { train, heldOut }] of bounded.entries()) {
        expect(train).toEqual(splits[i].train.slice(0, n));
        expect(heldOut).toEqual(splits[i].heldOut);
      }
    },
  );
});

it("a larger share keeps what a smaller one held out", async () => {
  const [few] = await collect(heldOutSplits(source, { ...wanted, fraction: 0.1 }));
  const [many] = await collect(heldOutSplits(source, { ...wanted, fraction: 0.3 }));
  expect(keys(many.heldOut)).toEqual(expect.arrayContaining(keys(few.heldOut)));
  expect(many.heldOut.length).toBeGreaterThan(few.heldOut.length);
});

it("the synthetic drawings are split the same way every time", async () => {
  const split = async () =>
    collect(heldOutSplits(await openSource("synthetic"), { categories: ["bus"], fraction: 0.15 }));
  const [first, second] = [await split(), await split()];
  expect(second).toEqual(first);
  for (const { train, heldOut, report } of first) {
    expect(train.length + heldOut.length).toBe(1000);
    expect(report.read).toBe(1000);
    // Without keys the strokes are hashed: copies of a drawing are on one side.
    const strokes = new Set(train.map((sketch) => JSON.stringify(sketch.strokes)));
    expect(heldOut.some((sketch) => strokes.has(JSON.stringify(sketch.strokes)))).toBe(false);
  }
});

it("an abort reaches the source", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  const reading = collect(heldOutSplits(await openSource("synthetic"), wanted, { signal }));
  await expect(reading).rejects.toThrow("enough");
});

const real = fileURLToPath(new URL("../../../shared/quickdraw/simplified", import.meta.url));
if (!existsSync(real)) console.warn("skipped: the split of real drawings (../shared/quickdraw is missing)");

it.skipIf(!existsSync(real))(
  "real drawings, with and without keys, are each on the side of their hash",
  async () => {
    const folder = await openSource(real);
    const [{ train, heldOut }] = await collect(
      heldOutSplits(folder, { categories: ["arm"], fraction: 0.15 }),
    );
    const all = (await collect(folder.drawings("arm"))).map(({ sketch }) => sketch);
    expect(new Set(all.map(({ keyId }) => keyId !== undefined))).toEqual(new Set([true, false]));
    expect(train).toEqual(all.filter((sketch) => !isForTesting(sketch, 0.15)));
    expect(heldOut).toEqual(all.filter((sketch) => isForTesting(sketch, 0.15)));
    const standardError = Math.sqrt((0.15 * 0.85) / all.length);
    expect(Math.abs(heldOut.length / all.length - 0.15)).toBeLessThan(4 * standardError);
  },
);
