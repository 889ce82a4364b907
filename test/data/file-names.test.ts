import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { collect } from "../../src/base/collect.ts";
import { categoryOfFile } from "../../src/data/file-names.ts";
import { describeReport, newReadReport } from "../../src/data/read/report.ts";
import { openSource, type ReadOptions, type Source } from "../../src/data/source.ts";
import { splitDrawings } from "../../src/data/split-drawings.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cizgi-names-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);

/** A line for each number, which is also the drawing. */
const lines = (numbers: readonly number[], word?: string): string =>
  numbers
    .map(
      (n) =>
        `${JSON.stringify({
          word,
          drawing: [
            [
              [0, n, n],
              [n, 0, 0],
            ],
          ],
        })}\n`,
    )
    .join("");

async function read(source: Source, category: string, options: ReadOptions = {}) {
  const drawings = [];
  for await (const drawing of source.drawings(category, options)) drawings.push(drawing);
  return drawings;
}

/** The numbers of the drawings that a category has, and what was said. */
async function numbersOf(category: string, options: ReadOptions = {}) {
  const notices: string[] = [];
  const source = await openSource(folder);
  const drawings = await read(source, category, { ...options, onNotice: (text) => notices.push(text) });
  return { numbers: drawings.map(({ sketch }) => sketch.strokes[0].x[1]), notices };
}

it.each([
  ["cat", "cat"],
  ["full_simplified_cat", "cat"],
  ["full%2Fsimplified%2Fhot%20air%20balloon", "hot air balloon"],
  ["quickdraw_dataset_full_raw_The Eiffel Tower", "the eiffel tower"],
  ["sketchrnn_cat", "cat"],
  ["sketchrnn%2Fcat.full", "cat"],
  ["cat.full", "cat"],
  ["cat (1)", "cat"],
  ["cat(12)", "cat"],
  ["full_simplified_hot dog (1) (2)", "hot dog"],
  ["Cat - Copy (2)", "cat"],
  ["cat copy 2", "cat"],
  ["cat (kopya)", "cat"],
  ["Hot-Dog", "hot dog"],
  ["full moon", "full moon"],
  ["ko\u0308pek", "köpek"],
  ["IĞDIR", "ığdır"],
  ["a%2f..%2f..%2fESCAPED", "a/../../escaped"],
  ["(1)", ""],
  ["__proto__", "proto"],
])("a file %j is of %j", (stem, category) => expect(categoryOfFile(stem)).toBe(category));

describe("a folder", () => {
  it.each([
    "cat.ndjson",
    "CAT.NDJSON",
    "Cat.jsonl",
    "full_simplified_cat.ndjson",
    "full%2Fraw%2Fcat.ndjson",
    "cat (1).ndjson",
    "cat.full.ndjson",
    "cat-7-12.ndjson",
    "drawings.ndjson",
    "part-00003.jsonl",
    "(1).ndjson",
    "__.ndjson",
  ])("has a cat in %j", async (name) => {
    write(name, lines([1, 2], "cat"));
    expect(await (await openSource(folder)).categories()).toEqual(["cat"]);
    expect((await numbersOf("Cat")).numbers).toEqual([1, 2]);
  });

  it.each(["cat.ndjson.gz", "CAT.NDJSON.GZ", "cat.jsonl.gz", "cat.ndjson"])(
    "has packed cats in %j",
    async (name) => {
      write(name, gzipSync(lines([1, 2])));
      expect((await numbersOf("cat")).numbers).toEqual([1, 2]);
    },
  );

  it.each([
    ["köpek.ndjson".normalize("NFD"), "köpek", "köpek"],
    ["köpek.ndjson".normalize("NFC"), "köpek".normalize("NFD"), "köpek"],
    ["IĞDIR.ndjson", "iğdır", "ığdır"],
    ["İSTANBUL.ndjson", "istanbul", "istanbul"],
    ["salt, pepper.ndjson", "salt%2C pepper", "salt, pepper"],
    ["constructor.ndjson", "constructor", "constructor"],
  ])("has in %j, whatever its lines say, what is asked for as %j", async (name, asked, category) => {
    write(name, lines([1, 2], "cat"));
    expect(await (await openSource(folder)).categories()).toEqual([category]);
    expect((await numbersOf(asked)).numbers).toEqual([1, 2]);
  });

  it("reads files of one category as one, by number, and says so", async () => {
    write("hot dog.ndjson", lines([1, 2, 3]));
    write("hot_dog.ndjson", `no drawing\n${lines([4, 5])}`);
    write("Hot-Dog.ndjson", lines([6]));
    write("HOT DOG (1).ndjson.gz", gzipSync(lines([7])));
    expect(await (await openSource(folder)).categories()).toEqual(["hot dog"]);
    const report = newReadReport();
    const { numbers, notices } = await numbersOf("hot dog", { report });
    expect(numbers.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(notices).toEqual([expect.stringMatching(/^hot dog: 4 files are read as one: .*hot_dog\.ndjson/)]);
    expect(report).toMatchObject({ lines: 8, read: 7 });
    expect(describeReport(report)).toContain("broken JSON: 1 (1: in hot_dog.ndjson, Unexpected token");
    expect((await numbersOf("hot dog", { limit: 5 })).numbers).toHaveLength(5);
  });

  it("does not count twice what two files both have", async () => {
    write("cat.ndjson", lines([1, 2, 2, 3]));
    write("cat (1).ndjson", lines([2, 3, 4]));
    write("cat.ndjson.gz", gzipSync(lines([1, 2, 2, 3])));
    const report = newReadReport();
    const { numbers } = await numbersOf("cat", { report });
    expect([...new Set(numbers)].sort()).toEqual([1, 2, 3, 4]);
    expect(numbers.length).toBe(report.read);
    expect(report.lines).toBe(11);
    expect(report.skips.get("copy of a drawing in another file")?.count).toBe(11 - report.read);
  });

  it("gives every drawing of several files a line of its own, for the split", async () => {
    write("cat.ndjson", lines([1, 2, 3, 4, 5, 6, 7]));
    write("cat (1).ndjson", `{}\n${lines([1, 8, 9, 10, 11, 12])}`);
    const [split] = await splitDrawings(await openSource(folder), {
      categories: ["cat"],
      trainSize: 100,
      heldOutSize: 100,
      limit: 0,
      heldOut: 0,
      splitSeed: 42,
    });
    const numbers = [...split.train, ...split.heldOut].map(({ strokes }) => strokes[0].x[1]);
    expect(numbers.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(split.split.train.length + split.split.test.length).toBe(14);
  });

  it("sorts numbered files by their numbers", async () => {
    for (const n of [10, 2, 1, 0, 100]) write(`cat-0-${n}.ndjson`, lines([n], "cat"));
    expect((await numbersOf("cat")).numbers).toEqual([0, 1, 2, 10, 100]);
  });

  it("divides by their own words the drawings of a file whose name says nothing", async () => {
    write("data.ndjson", lines([1, 2], "cat") + lines([3], "The Eiffel Tower") + lines([4], "cat"));
    write("cat.ndjson", lines([5], "dog"));
    const source = await openSource(folder);
    expect(await source.categories()).toEqual(["cat", "the eiffel tower"]);
    expect((await numbersOf("cat")).numbers).toEqual([5, 1, 2, 4]);
    expect((await numbersOf("the eiffel tower")).numbers).toEqual([3]);
  });

  it("keeps the name of a file that has one, and finds it by its drawings' word too", async () => {
    write("felines.ndjson", lines([1], "cat"));
    write("cat 3.ndjson", lines([2], "cat"));
    write("mine.ndjson", lines([3]));
    const source = await openSource(folder);
    expect(await source.categories()).toEqual(["cat 3", "felines", "mine"]);
    expect(await source.find("cat")).toBe("felines");
    expect(await numbersOf("cat")).toEqual({
      numbers: [1],
      notices: ['felines: the drawings of felines.ndjson call themselves "cat".'],
    });
    write("big.ndjson", lines([4], "cat"));
    await expect((await openSource(folder)).find("cat")).rejects.toThrow(
      'the drawings of big, felines call themselves "cat"; ask for one of these',
    );
  });

  it("divides a file of several words whatever its name", async () => {
    write("animals.ndjson", lines([1], "cat") + lines([2], "dog"));
    expect(await (await openSource(folder)).categories()).toEqual(["cat", "dog"]);
  });

  it("refuses by name a file that nothing says the category of", async () => {
    write("(1).ndjson", lines([1]));
    await expect(openSource(folder)).rejects.toThrow('(1).ndjson: neither its name nor a "word" says');
  });

  describe("a damaged file whose name says no category", () => {
    const mixed = Array.from({ length: 20_000 }, (_, i) => lines([i], ["dog", "owl"][i % 2])).join("");
    const damaged = gzipSync(mixed).subarray(0, -9);

    it("is left aside where nothing of it can be read, with a notice, and the others are read", async () => {
      write("(1).ndjson.gz", gzipSync(mixed).subarray(0, 20));
      await expect(openSource(folder)).rejects.toThrow("(1).ndjson.gz: its gzip data is damaged or cut off");
      write("cat.ndjson", lines([1]));
      const notice = expect.stringMatching(
        /^left aside: .*\(1\)\.ndjson\.gz: its gzip data is damaged or cut off/,
      );
      const notices: string[] = [];
      const onNotice = (text: string) => void notices.push(text);
      const source = await openSource(folder, {}, { onNotice });
      expect(notices).toEqual([notice]);
      expect(await source.categories()).toEqual(["cat"]);
      await collect(source.drawings("cat", { onNotice }));
      expect(notices).toHaveLength(1);
      // Who opened it without being told is told when reading.
      const later = await openSource(folder, {});
      await collect(later.drawings("cat", { onNotice }));
      expect(notices).toEqual([notice, notice]);
    });

    it("fails the categories that were met in it, and no others", async () => {
      write("data.ndjson.gz", damaged);
      write("cat.ndjson", lines([1]));
      const source = await openSource(folder);
      expect(await source.categories()).toEqual(["cat", "dog", "owl"]);
      expect(await collect(source.drawings("cat"))).toHaveLength(1);
      for (const category of ["dog", "owl"])
        await expect(collect(source.drawings(category))).rejects.toThrow(
          "data.ndjson.gz: its gzip data is damaged or cut off",
        );
    });
  });

  it("tells how far it is with a file that it has to read through, and stops when told to", async () => {
    const text = lines([1], "cat") + lines([2], "dog");
    write("all.ndjson", text);
    const bytes: number[] = [];
    await openSource(folder, {}, { onProgress: (progress) => bytes.push(progress.bytes) });
    expect(bytes.at(-1)).toBe(text.length);
    const signal = AbortSignal.abort();
    await expect(openSource(folder, {}, { signal })).rejects.toThrow(signal.reason);
  });

  it("says what is wrong with a file only when that is read", async () => {
    write("iris.ndjson", "");
    write("cat.ndjson", lines([1]));
    expect((await numbersOf("cat")).numbers).toEqual([1]);
    await expect(numbersOf("iris")).rejects.toThrow("iris.ndjson is empty");
  });
});

const kanji = new URL("../../../shared/sketch-rnn/short_kanji.npz", import.meta.url);
it.skipIf(!existsSync(kanji))(
  "names and sets aside a set of Sketch-RNN beside drawings of its category",
  async () => {
    copyFileSync(kanji, join(folder, "sketchrnn_cat.full.NPZ"));
    expect(await read(await openSource(folder), "cat", { limit: 9 })).toHaveLength(9);
    write("cat.ndjson", lines([1, 2]));
    const { numbers, notices } = await numbersOf("cat");
    expect(numbers).toEqual([1, 2]);
    expect(notices).toEqual([
      "cat: sketchrnn_cat.full.NPZ is left aside, because cat.ndjson is there; to read it, name the file itself.",
    ]);
  },
);
