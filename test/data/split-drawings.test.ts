import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { collect } from "../../src/base/collect.ts";
import { isForTesting } from "../../src/data/key-hash.ts";
import { openSource } from "../../src/data/source.ts";
import { splitLines } from "../../src/data/split.ts";
import { splitDrawings } from "../../src/data/split-drawings.ts";

const wanted = {
  categories: ["cat", "bus"],
  trainSize: 10_000,
  heldOutSize: 2_000,
  limit: 30,
  heldOut: 0,
  splitSeed: 42,
};

const folder = mkdtempSync(join(tmpdir(), "cizgi-drawings-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("synthetic drawings", () => {
  test("are split by the seed's rule, one generator going on through the categories", async () => {
    const source = await openSource("synthetic");
    const drawings = await splitDrawings(source, wanted);
    const requests = wanted.categories.map((category) => ({ category, total: 30, train: 25, test: 5 }));
    const splits = splitLines(requests, 42);
    for (const { category, split, train, heldOut: held, report } of drawings) {
      expect(split).toEqual(splits.get(category));
      expect(report).toMatchObject({ lines: 30, read: 30 });
      const all = await collect(source.drawings(category, { limit: 30 }));
      expect(train).toEqual(split.train.map((line) => all[line].sketch));
      expect(held).toEqual(split.test.map((line) => all[line].sketch));
    }
    const [, bus] = drawings;
    const [alone] = await splitDrawings(source, { ...wanted, categories: ["bus"] });
    expect(alone.split).not.toEqual(bus.split);
  });

  test("no more are taken than asked for, and another seed takes others", async () => {
    const source = await openSource("synthetic");
    const few = { ...wanted, trainSize: 7, heldOutSize: 3 };
    const [cat] = await splitDrawings(source, few);
    expect([cat.train.length, cat.heldOut.length]).toEqual([7, 3]);
    const [other] = await splitDrawings(source, { ...few, splitSeed: 43 });
    expect(other.split).not.toEqual(cat.split);
  });
});

describe("split by keys", () => {
  const wantedByKeys = { ...wanted, limit: 200, heldOut: 0.15 };

  test("what is held out depends on the drawing alone, and both sides are lines of the file", async () => {
    const source = await openSource("synthetic");
    const drawings = await splitDrawings(source, wantedByKeys);
    for (const { category, split, train, heldOut: held } of drawings) {
      const all = await collect(source.drawings(category, { limit: 200 }));
      const side = all.map(({ sketch }) => isForTesting(sketch, 0.15));
      expect(split.test).toEqual(all.filter((_, i) => side[i]).map(({ line }) => line));
      expect(held).toEqual(split.test.map((line) => all[line].sketch));
      expect(train).toEqual(split.train.map((line) => all[line].sketch));
      expect(train.length + held.length).toBe(200);
    }
    const [, bus] = drawings;
    const [alone] = await splitDrawings(source, { ...wantedByKeys, categories: ["bus"] });
    expect(alone.split).toEqual(bus.split);
  });

  test("no more are taken than asked for", async () => {
    const source = await openSource("synthetic");
    const [cat] = await splitDrawings(source, { ...wantedByKeys, trainSize: 9, heldOutSize: 4 });
    expect([cat.train.length, cat.heldOut.length]).toEqual([9, 4]);
  });
});

describe("a folder with broken lines", () => {
  const drawing = (i: number) =>
    JSON.stringify({
      word: "cat",
      drawing: [
        [
          [0, i, 255],
          [i, 0, 9],
        ],
      ],
    });
  const lines = Array.from({ length: 24 }, (_, i) => (i % 8 === 3 ? '{"word": "cat", ' : drawing(i)));

  test("keeps line numbers, counts what it skips and takes nothing twice", async () => {
    writeFileSync(join(folder, "cat.ndjson"), lines.join("\n"));
    const source = await openSource(folder);
    const [{ split, train, heldOut: held, report }] = await splitDrawings(source, {
      ...wanted,
      categories: ["cat"],
      limit: 0,
    });
    expect(report).toMatchObject({ lines: 24, read: 21 });
    expect(report.skips.get("broken JSON")?.count).toBe(3);
    expect([split.train.length, split.test.length]).toEqual([20, 4]);
    const readable = (numbers: readonly number[]) => numbers.filter((line) => line % 8 !== 3);
    const marks = (sketches: typeof train) => sketches.map(({ strokes }) => strokes[0].x[1]);
    expect(marks(train)).toEqual(readable(split.train));
    expect(marks(held)).toEqual(readable(split.test));
  });

  test("progress is told, and an abort stops the reading", async () => {
    const source = await openSource(folder);
    const seen: string[] = [];
    await splitDrawings(
      source,
      { ...wanted, categories: ["cat"] },
      {
        onProgress: (category) => seen.push(category),
      },
    );
    expect(new Set(seen)).toEqual(new Set(["cat"]));
    const reading = splitDrawings(
      source,
      { ...wanted, categories: ["cat"] },
      { signal: AbortSignal.abort() },
    );
    await expect(reading).rejects.toThrow("abort");
  });

  test("a category that is not there is refused, the nearest named", async () => {
    const reading = splitDrawings(await openSource(folder), { ...wanted, categories: ["cab"] });
    await expect(reading).rejects.toThrow('Did you mean "cat"?');
  });
});
