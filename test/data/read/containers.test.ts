import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { UserError } from "../../../src/base/errors.ts";
import { readBin } from "../../../src/data/read/bin.ts";
import { readCsv } from "../../../src/data/read/csv.ts";
import { readJson } from "../../../src/data/read/json-array.ts";
import { readNdjson } from "../../../src/data/read/ndjson.ts";
import { readParquet } from "../../../src/data/read/parquet.ts";
import { type Reader, readDrawings } from "../../../src/data/read/readers.ts";
import { describeReport, newReadReport } from "../../../src/data/read/report.ts";
import { collect, stream } from "./bytes.ts";
import { binOf, csvOf, HUGGING_FACE, parquetOf, type Record } from "./containers.ts";

const RECORDS: readonly Record[] = [
  {
    word: "cat",
    key_id: "5892837121982464",
    recognized: true,
    drawing: [
      [
        [0, 255, 7, 9],
        [3, 4, 200, 1],
      ],
      [
        [5, 6],
        [7, 8],
      ],
    ],
  },
  {
    word: "hot air balloon",
    key_id: "4503599627370497",
    recognized: false,
    drawing: [
      [
        [1, 2, 3, 4, 5],
        [9, 8, 7, 6, 5],
      ],
    ],
  },
  { word: "cat", key_id: "6755399441055743", recognized: true, drawing: [[[17], [18]]] },
];

const json = (value: unknown) => JSON.stringify(value);
const ndjson = (records: readonly Record[]) => records.map((record) => `${json(record)}\n`).join("");

async function read(reader: Reader, bytes: Uint8Array | string, name: string, size?: number) {
  const report = newReadReport();
  const drawings = await collect(reader(stream(bytes, size), name, report));
  return { drawings, report };
}

/** The same drawings without words, which Google's binary files do not have. */
const wordless = (records: readonly Record[]) => records.map(({ word: _, ...record }) => record);

const CONTAINERS: [string, string, Reader, (records: readonly Record[]) => Uint8Array | string, boolean][] = [
  ["Kaggle's CSV", "cat.csv", readCsv, csvOf, true],
  [
    "CSV of Windows",
    "cat.csv",
    readCsv,
    (records) => `\uFEFF${csvOf(records).replaceAll("\n", "\r\n")}`,
    true,
  ],
  ["CSV packed by gzip", "cat.csv.gz", readCsv, (records) => gzipSync(csvOf(records)), true],
  ["CSV with tabs", "cat.tsv", readCsv, (records) => csvOf(records, "\t"), true],
  [
    "CSV with tabs and no quotes",
    "cat.tsv",
    readCsv,
    (records) => csvOf(records, "\t").replaceAll('"', ""),
    true,
  ],
  ["CSV with semicolons", "cat.csv", readCsv, (records) => csvOf(records, ";").replaceAll('"', ""), true],
  ["a JSON array", "cat.json", readJson, (records) => json(records), true],
  [
    "an indented JSON array",
    "cat.json",
    readJson,
    (records) => `\uFEFF${JSON.stringify(records, undefined, 2)}\n`,
    true,
  ],
  [
    "indented records",
    "cat.json",
    readJson,
    (records) => records.map((record) => JSON.stringify(record, undefined, 2)).join("\n"),
    true,
  ],
  [
    "records over two lines each",
    "cat.json",
    readDrawings,
    (records) => records.map((record) => `${json(record).replace(",", ",\n")}\n`).join(""),
    true,
  ],
  ["a JSON array packed by gzip", "cat.ndjson", readJson, (records) => gzipSync(json(records)), true],
  ["Google's binary form", "cat.bin", readBin, binOf, false],
  [
    "Google's binary form packed by gzip",
    "cat.bin.gz",
    readBin,
    (records) => gzipSync(binOf(records)),
    false,
  ],
  ["parquet", "cat.parquet", readParquet, (records) => parquetOf(records), true],
  [
    "parquet with names for numbers",
    "cat.parquet",
    readParquet,
    (records) => parquetOf(records, { classes: true }),
    true,
  ],
  [
    "parquet with lists of all strokes",
    "cat.parquet",
    readParquet,
    (records) => parquetOf(records, { form: "lists" }),
    true,
  ],
  ["parquet with JSON", "cat.parquet", readParquet, (records) => parquetOf(records, { form: "json" }), true],
  [
    "parquet packed by gzip",
    "cat.parquet",
    readParquet,
    (records) => parquetOf(records, { codec: "GZIP" }),
    true,
  ],
  [
    "uncompressed parquet",
    "cat.parquet",
    readParquet,
    (records) => parquetOf(records, { codec: "UNCOMPRESSED" }),
    true,
  ],
];

describe.each(CONTAINERS)("%s", (_, name, reader, write, hasWords) => {
  it("gives the same drawings as ndjson, also where only the file's bytes tell what it is", async () => {
    const expected = await read(
      readNdjson,
      ndjson(hasWords ? RECORDS : (wordless(RECORDS) as Record[])),
      "cat.ndjson",
    );
    const bytes = write(RECORDS);
    for (const size of [1, 7, Infinity]) {
      const own = reader === readParquet ? readParquet : reader;
      expect((await read(readDrawings, bytes, name, size)).drawings).toEqual(expected.drawings);
      if (!name.endsWith(".gz") || reader !== readParquet)
        expect(await read(own, bytes, name, size)).toEqual(expected);
    }
  });

  it("is refused by name where it is cut off, and no drawing is made up", async () => {
    const bytes = Buffer.from(write(RECORDS));
    const whole = (await read(reader, bytes, name)).drawings;
    for (const share of [0.2, 0.5, 0.8, 0.97]) {
      const found: unknown[] = [];
      const reading = async () => {
        const report = newReadReport();
        const part = bytes.subarray(0, Math.floor(share * bytes.length));
        for await (const drawing of reader(stream(part), name, report)) found.push(drawing);
      };
      await expect(reading()).rejects.toThrow(UserError);
      await expect(reading()).rejects.toThrow(name);
      for (const drawing of found) expect(whole).toContainEqual(drawing);
    }
  });
});

// hyparquet trusts the numbers in a page: those of a damaged one may keep it busy for hours.
describe.each(CONTAINERS.filter(([, , reader]) => reader !== readParquet))(
  "%s, damaged",
  (_, name, _reader, write) => {
    it("throws nothing but a UserError, whatever bytes are changed", async () => {
      const bytes = Buffer.from(write(RECORDS));
      const changes = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), {
        minLength: 1,
        maxLength: 4,
      });
      await fc.assert(
        fc.asyncProperty(changes, async (list) => {
          const changed = Buffer.from(bytes);
          for (const [at, value] of list) changed[at] = value;
          await read(readDrawings, changed, name).catch((error: unknown) =>
            expect(error).toBeInstanceOf(UserError),
          );
        }),
        { numRuns: 150 },
      );
    });
  },
);

describe("readCsv", () => {
  it("takes columns in any order and without a word", async () => {
    const text = 'key_id,countrycode,drawing\n9000003627287624,DE,"[[[17,18,20],[18,19,25]]]"\n';
    const { drawings } = await read(readCsv, text, "test.csv");
    expect(drawings).toEqual([
      { line: 0, sketch: { keyId: "9000003627287624", strokes: [{ x: [17, 18, 20], y: [18, 19, 25] }] } },
    ]);
  });

  it("skips rows whose drawing is none and counts them", async () => {
    const text = 'word,drawing\ncat,"[[[1,2,3],[4,5,6]]]"\ncat,\ncat,"[[[1,2"\ncat,nothing\n\ncat,"[]"\n';
    const { drawings, report } = await read(readCsv, text, "cat.csv");
    expect(drawings).toHaveLength(1);
    expect([...report.skips].map(([reason, { count }]) => [reason, count])).toEqual([
      ["no drawing", 2],
      ["broken JSON", 1],
      ["empty drawing", 1],
    ]);
  });

  it.each([
    ["without a column of drawings", "a,b\n1,2\n", "expected a column named drawing, found a, b"],
    [
      "with a quote that does not end",
      'word,drawing\ncat,"[[[1,2',
      "damaged or cut off CSV (Quote Not Closed",
    ],
    [
      "with a row that is cut off",
      'drawing,word,more\n"[[[1,2,3],[4,5,6]]]",ca',
      "damaged or cut off CSV (Invalid Record Length: expect 3, got 2 on line 2)",
    ],
    ["that is UTF-16", Buffer.from("\uFEFFword,drawing\n", "utf16le"), "is UTF-16 text"],
    ["that is empty", "", "is empty"],
  ])("refuses a file %s", async (_, text, message) => {
    await expect(read(readCsv, text, "cat.csv")).rejects.toThrow(UserError);
    await expect(read(readCsv, text, "cat.csv")).rejects.toThrow(`cat.csv`);
    await expect(read(readCsv, text, "cat.csv")).rejects.toThrow(message);
  });
});

it("readCsv leaves a file of nothing but newlines that were packed small", async () => {
  const bomb = gzipSync(Buffer.concat([Buffer.from("word,drawing\n"), Buffer.alloc(2 ** 26, "\n")]));
  await expect(read(readCsv, bomb, "cat.csv")).rejects.toThrow(
    "cat.csv: more than 1048576 blank bytes in a row",
  );
});

describe("readJson", () => {
  it("skips elements that are no drawing and counts them, whatever brackets and quotes they have", async () => {
    const odd = [
      '{"word":"]}\\\\\\"[","drawing":5}',
      "[[1]]",
      "7",
      '{"a":NaN}',
      "[".repeat(300_000) + "]".repeat(300_000),
    ];
    const text = `[${[json(RECORDS[0]), ...odd, json(RECORDS[1])].join(",\n")}]`;
    const { drawings, report } = await read(readJson, text, "cat.json");
    expect(drawings.map(({ line }) => line)).toEqual([0, odd.length + 1]);
    expect(describeReport(report)).toMatch(/no drawing: 3 .*broken JSON: 1 .*nested too deeply: 1 /s);
  });

  it.each([
    [
      "an array that does not end",
      `[${json(RECORDS[0])},`,
      /cat\.json: cut off at byte \d+, after 1 elements/,
    ],
    [
      "a record that does not end",
      `[${json(RECORDS[0])},{"drawing":[[`,
      /cat\.json: cut off at byte \d+, after 1 elements/,
    ],
    ["a text that does not end", `[${json(RECORDS[0])},{"drawing":"[[`, /cat\.json: cut off at byte \d+/],
    [
      "something behind its array",
      `[${json(RECORDS[0])}] 5`,
      /cat\.json: something follows the end at byte \d+/,
    ],
    ["no element", "[]", /cat\.json is empty/],
    ["nothing", " ", /cat\.json is empty/],
    ["nothing but brackets", "[".repeat(300_000), /cat\.json: cut off/],
  ])("refuses a file of %s", async (_, text, message) => {
    await expect(read(readJson, text, "cat.json")).rejects.toThrow(UserError);
    await expect(read(readJson, text, "cat.json")).rejects.toThrow(message);
  });

  it("refuses an element without an end", async () => {
    const mebibyte = Buffer.alloc(2 ** 20, "1");
    async function* endless() {
      yield Buffer.from("[");
      for (;;) yield mebibyte;
    }
    await expect(collect(readJson(endless(), "big.json"))).rejects.toThrow(
      /big\.json: an element of more than 64 MiB/,
    );
  });
});

describe("readBin", () => {
  it("reads the record of Google's description byte by byte", async () => {
    const bytes = Buffer.from(
      "0102030405060708" +
        "5452" +
        "01" +
        "10203040" +
        "0200" +
        "0200" +
        "0aff" +
        "0b00" +
        "0100" +
        "05" +
        "06",
      "hex",
    );
    const { drawings } = await read(readBin, bytes, "cat.bin");
    expect(drawings).toEqual([
      {
        line: 0,
        sketch: {
          keyId: "578437695752307201",
          recognized: true,
          strokes: [
            { x: [10, 255], y: [11, 0] },
            { x: [5], y: [6] },
          ],
        },
      },
    ]);
  });

  it("names the byte where a file stops to be drawings", async () => {
    const good = binOf(RECORDS);
    await expect(read(readBin, Buffer.concat([good, Buffer.alloc(40, 0xff)]), "cat.bin")).rejects.toThrow(
      `cat.bin: no drawing at byte ${good.length}, where drawing 4 begins`,
    );
    await expect(read(readBin, good.subarray(0, -1), "cat.bin")).rejects.toThrow(
      /cat\.bin: cut off at byte \d+, where drawing 3 begins/,
    );
    await expect(read(readBin, "", "cat.bin")).rejects.toThrow("cat.bin is empty");
  });

  it("skips drawings without strokes and counts them", async () => {
    const { drawings, report } = await read(
      readBin,
      binOf([{ ...RECORDS[0], drawing: [] }, RECORDS[1]]),
      "cat.bin",
    );
    expect(drawings.map(({ line }) => line)).toEqual([1]);
    expect([...report.skips.keys()]).toEqual(["empty drawing"]);
  });
});

describe("readParquet", () => {
  it("goes on through all row groups", async () => {
    const many = Array.from({ length: 50 }, (_, i) => ({ ...RECORDS[i % 3], key_id: String(i) }));
    const { drawings } = await read(readParquet, parquetOf(many, { rowGroupSize: 7 }), "cat.parquet");
    expect(drawings.map(({ line, sketch }) => [line, sketch.keyId])).toEqual(
      many.map(({ key_id }, i) => [i, key_id]),
    );
  });

  it("is told from what is packed by bzip2", async () => {
    const packed = Buffer.from("BZh91AY&SY", "latin1");
    await expect(read(readDrawings, packed, "cat.csv")).rejects.toThrow(
      "cat.csv is packed by bzip2; unpack it first.",
    );
  });

  it("is not taken for what its first column is called", async () => {
    for (const first of ["PAR1", "BZh9", "PK", "Rar!", "7z"]) {
      const { drawings } = await read(readDrawings, `${first},drawing\n1,"[[[1,2],[3,4]]]"\n`, "cat.csv");
      expect(drawings).toHaveLength(1);
    }
  });

  it("refuses other columns, other files and damaged ones", async () => {
    const other = new Uint8Array(
      parquetWriteBuffer({ columnData: [{ name: "a", data: [1], type: "INT32" }] }),
    );
    await expect(read(readParquet, other, "cat.parquet")).rejects.toThrow(
      "cat.parquet: expected a column named drawing, found a",
    );
    await expect(read(readParquet, "hello, this is no parquet file", "cat.parquet")).rejects.toThrow(
      "cat.parquet: damaged or cut off parquet, at its end",
    );
    await expect(read(readParquet, "", "cat.parquet")).rejects.toThrow(UserError);
  });
});

/** Written by pyarrow's and Hugging Face's own layout where the file is there. */
it("a number without a name is no word", async () => {
  const bytes = parquetOf(RECORDS, { classes: true, metadata: [] });
  const { drawings } = await read(readParquet, bytes, "cat.parquet");
  expect(drawings.map(({ sketch }) => sketch.word)).toEqual([undefined, undefined, undefined]);
  expect(HUGGING_FACE).toContain("ClassLabel");
});

describe("what is told by its first bytes", () => {
  it.each([
    ["cat.parquet", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "is a pointer of Git LFS"],
    ["cat.ndjson.zst", "\x28\xb5\x2f\xfd0000", "is packed by zstd"],
    ["cat.ndjson", Buffer.from("fd377a585a00", "hex"), "is packed by xz"],
  ])("refuses %s", async (name, text, message) => {
    const bytes = typeof text === "string" ? Buffer.from(text, "latin1") : text;
    await expect(read(readDrawings, bytes, name)).rejects.toThrow(UserError);
    await expect(read(readDrawings, bytes, name)).rejects.toThrow(message);
  });
});

const cats = fileURLToPath(new URL("../../../../shared/quickdraw/simplified/cat.ndjson", import.meta.url));
if (!existsSync(cats)) console.warn("skipped: containers of real drawings (../shared is missing)");

it.skipIf(!existsSync(cats))(
  "every container holds 657 real cats as they are",
  async () => {
    const text = readFileSync(cats, "utf8");
    const records: Record[] = text
      .trim()
      .split("\n")
      .map((line, i) => ({ recognized: true, key_id: String(i), ...JSON.parse(line) }));
    const expected = await read(readNdjson, ndjson(records), "cat.ndjson");
    expect(expected.drawings).toHaveLength(657);
    for (const [, name, , write, hasWords] of CONTAINERS) {
      const { drawings } = await read(readDrawings, write(records), name, 2 ** 16);
      const found = drawings.map(({ line, sketch }) => ({
        line,
        sketch: hasWords ? sketch : { word: "cat", ...sketch },
      }));
      expect(found).toEqual(expected.drawings);
    }
  },
  60_000,
);
