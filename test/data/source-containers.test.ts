import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UserError } from "../../src/base/errors.ts";
import { newReadReport } from "../../src/data/read/report.ts";
import { openSource } from "../../src/data/source.ts";
import { binOf, csvOf, parquetOf, type Record } from "./read/containers.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cizgi-containers-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);

/** Drawings of a word, each of its own number. */
const records = (word: string, numbers: readonly number[]): Record[] =>
  numbers.map((n) => ({
    word,
    key_id: String(n),
    recognized: true,
    drawing: [
      [
        [0, n, 255, n],
        [n, 0, 9, 7],
      ],
    ],
  }));
const ndjson = (all: readonly Record[]) => all.map((record) => `${JSON.stringify(record)}\n`).join("");

/** The keys of the drawings of each category that a place has. */
async function keysIn(place: string): Promise<{ [category: string]: (string | undefined)[] }> {
  const source = await openSource(place);
  const found: { [category: string]: (string | undefined)[] } = {};
  for (const category of await source.categories()) {
    found[category] = [];
    let line = 0;
    const report = newReadReport();
    for await (const drawing of source.drawings(category, { report })) {
      expect(drawing.line).toBe(line++);
      found[category].push(drawing.sketch.keyId);
    }
    expect(report).toMatchObject({ lines: line, read: line });
  }
  return found;
}

describe("a folder", () => {
  it("holds files of any form, each of the category that its name says", async () => {
    write("cat.csv", csvOf(records("cat", [1, 2])));
    write("dog.parquet", parquetOf(records("dog", [3])));
    write("full_binary_hot air balloon.bin", binOf(records("", [4, 5])));
    write("bus.json", JSON.stringify(records("bus", [6])));
    write("fish.csv.gz", gzipSync(csvOf(records("fish", [7]))));
    write("owl.ndjson", ndjson(records("owl", [8])));
    expect(await keysIn(folder)).toEqual({
      bus: ["6"],
      cat: ["1", "2"],
      dog: ["3"],
      fish: ["7"],
      "hot air balloon": ["4", "5"],
      owl: ["8"],
    });
  });

  it("leaves settings and tables of other things alone", async () => {
    write("cat.ndjson", ndjson(records("cat", [1])));
    write("config.json", '{"epochs": 3}');
    write("stats.json", "[1, 2, 3]");
    write("metrics.csv", "step,loss\n1,0.5\n");
    expect(await keysIn(folder)).toEqual({ cat: ["1"] });
  });

  it("does not leave alone what is UTF-16", async () => {
    write("cat.json", Buffer.from(JSON.stringify(records("cat", [1])), "utf16le"));
    await expect(keysIn(folder)).rejects.toThrow("cat.json is UTF-16 text");
  });

  it("joins the parts of a set by the words in them", async () => {
    const both = [...records("cat", [1, 2]), ...records("dog", [3])];
    write("train-00000-of-00002.parquet", parquetOf(both));
    write("train-00001-of-00002.parquet", parquetOf([...records("dog", [4]), ...records("bus", [5])]));
    expect(await keysIn(folder)).toEqual({ bus: ["5"], cat: ["1", "2"], dog: ["3", "4"] });
  });

  it("reads a drawing once that lies there in two forms", async () => {
    write("cat.ndjson", ndjson(records("cat", [1, 2])));
    write("cat.bin", binOf(records("cat", [2, 3])));
    const source = await openSource(folder);
    const report = newReadReport();
    const keys = [];
    for await (const { sketch } of source.drawings("cat", { report })) keys.push(sketch.keyId);
    expect(keys.sort()).toEqual(["1", "2", "3"]);
    expect([...report.skips.keys()]).toEqual(["copy of a drawing in another file"]);
  });
});

describe("one file", () => {
  it.each<[string, (all: readonly Record[]) => string | Uint8Array]>([
    ["drawings.csv", csvOf],
    ["drawings.parquet", parquetOf],
    ["drawings.json", (all) => JSON.stringify(all)],
    ["drawings.ndjson", ndjson],
    ["drawings.txt", ndjson],
    ["drawings", csvOf],
  ])("of several categories is divided by their words: %s", async (name, form) => {
    write(name, form([...records("cat", [1, 2]), ...records("dog", [3]), ...records("cat", [4])]));
    expect(await keysIn(join(folder, name))).toEqual({ cat: ["1", "2", "4"], dog: ["3"] });
  });

  it("says how it was read, where points stood for rows", async () => {
    const points = records("cat", [1]).map(({ drawing, ...record }) => ({
      ...record,
      drawing: drawing.map(([x, y]) => x.map((value, i) => [value, y[i]])),
    }));
    write("cat.json", JSON.stringify(points));
    const source = await openSource(join(folder, "cat.json"));
    const report = newReadReport();
    const sketches = [];
    for await (const { sketch } of source.drawings("cat", { report })) sketches.push(sketch.strokes);
    expect(sketches).toEqual([[{ x: [0, 1, 255, 1], y: [1, 0, 9, 7] }]]);
    expect([...report.notes]).toEqual(["its strokes are lists of points [x, y], and read as such"]);
  });

  it.skipIf(process.platform === "win32")("that is a pipe is refused, and what to do is said", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    for (const place of [pipe, "/dev/null"]) {
      await expect(openSource(place)).rejects.toThrow(UserError);
      await expect(openSource(place)).rejects.toThrow(
        `${place} is a pipe or device, which can be read only once, and drawings are read more than once: write them into a file first`,
      );
    }
  });
});
