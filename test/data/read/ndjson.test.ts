import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UserError } from "../../../src/base/errors.ts";
import { readFileBytes } from "../../../src/data/read/file.ts";
import { linesOf } from "../../../src/data/read/lines.ts";
import { readNdjson } from "../../../src/data/read/ndjson.ts";
import { describeReport, newReadReport, type SkipReason } from "../../../src/data/read/report.ts";
import { collect, stream } from "./bytes.ts";

const CAT = '{"word":"cat","key_id":"5892837121982464","recognized":true,"drawing":[[[0,255],[3,4]]]}';
const PLAIN = '{"drawing":[[[1,2,3],[4,5,6]]]}';

async function read(text: Uint8Array | string, size?: number) {
  const report = newReadReport();
  const drawings = await collect(readNdjson(stream(text, size), "cat.ndjson", report));
  const skips = [...report.skips].map(([reason, { count }]) => [reason, count]);
  return { drawings, report, lines: drawings.map(({ line }) => line), skips };
}

/** What the reader makes of one bad line between two good ones. */
async function skipOf(line: string): Promise<SkipReason> {
  const { lines, skips, report } = await read(`${CAT}\n${line}\n${PLAIN}\n`);
  expect(lines).toEqual([0, 2]);
  expect(report).toMatchObject({ lines: 3, read: 2 });
  expect(skips).toHaveLength(1);
  const [[reason, { count, examples }]] = report.skips;
  expect(count).toBe(1);
  expect(examples.map((example) => example.line)).toEqual([1]);
  return reason;
}

describe("readNdjson", () => {
  it("reads what the line says and no more", async () => {
    const { drawings } = await read(`${CAT}\n${PLAIN}\n`);
    expect(drawings).toEqual([
      {
        line: 0,
        sketch: {
          word: "cat",
          keyId: "5892837121982464",
          recognized: true,
          strokes: [{ x: [0, 255], y: [3, 4] }],
        },
      },
      { line: 1, sketch: { strokes: [{ x: [1, 2, 3], y: [4, 5, 6] }] } },
    ]);
  });

  it("reads the raw form with its times", async () => {
    const { drawings } = await read('{"drawing":[[[0.5,1.25,4],[2,3,5],[0,80,96]]]}');
    expect(drawings[0].sketch.strokes).toEqual([{ x: [0.5, 1.25, 4], y: [2, 3, 5], t: [0, 80, 96] }]);
  });

  it("takes strokes of one point and drawings of 10,000, and leaves empty strokes out", async () => {
    const long = JSON.stringify(Array.from({ length: 10_000 }, (_, i) => i % 256));
    const { drawings } = await read(`{"drawing":[[[7],[8]],[[],[]],[${long},${long}]]}`);
    expect(drawings[0].sketch.strokes.map(({ x }) => x.length)).toEqual([1, 10_000]);
  });

  it("needs no line end at the end, and stands CRLF and a byte order mark", async () => {
    expect((await read(`${CAT}\n${PLAIN}`)).lines).toEqual([0, 1]);
    const marked = await read(`\uFEFF${CAT}\r\n${PLAIN}\r\n`);
    expect(marked.lines).toEqual([0, 1]);
    expect(marked.skips).toEqual([]);
  });

  it.each<[SkipReason, string]>([
    ["blank line", ""],
    ["blank line", " \r"],
    ["broken JSON", '{"drawing":[[[1,2],[3,'],
    ["broken JSON", '{"drawing":[[[1,NaN],[3,4]]]}'],
    ["broken JSON", `${PLAIN}${PLAIN}`],
    ["broken JSON", `\uFEFF${PLAIN}`],
    ["no drawing", '{"word":"cat"}'],
    ["no drawing", "7"],
    ["no drawing", "null"],
    ["no drawing", '{"drawing":"cat"}'],
    ["no drawing", '{"__proto__":{"drawing":[[[1],[2]]]}}'],
    ["empty drawing", '{"drawing":[]}'],
    ["empty drawing", '{"drawing":[[[],[]]]}'],
    ["malformed stroke", '{"drawing":[[1,2],[3,4]]}'],
    ["malformed stroke", '{"drawing":[[[1,2]]]}'],
    ["malformed stroke", '{"drawing":[[[1],[2],[3],[4],[5]]]}'],
    ["malformed stroke", '{"drawing":[null]}'],
    ["coordinates of different length", '{"drawing":[[[1,2,3],[4,5]]]}'],
    ["coordinates of different length", '{"drawing":[[[1,2],[4,5],[6]]]}'],
    ["nested too deeply", "[".repeat(300_000)],
    ["nested too deeply", "[".repeat(300_000) + "]".repeat(300_000)],
    ["nested too deeply", `{"drawing":${"[".repeat(300_000)}1${"]".repeat(300_000)}}`],
    ["nested too deeply", `{"drawing":[[[1],[2]]],"more":${'{"a":'.repeat(300_000)}1${"}".repeat(300_000)}}`],
    ["not a number", '{"drawing":[[[1,"2"],[4,5]]]}'],
    ["not a number", '{"drawing":[[[1,null],[4,5]]]}'],
    ["not a number", '{"drawing":[[[1,1e999],[4,5]]]}'],
    ["not a number", '{"drawing":[[[1,2],[4,[5]]]]}'],
    ["not a number", '{"drawing":[[[1],[4],[true]]]}'],
  ])("skips and counts as %s: %s", async (reason, line) => {
    expect(await skipOf(line)).toBe(reason);
  });

  it("tells a last line that was cut off", async () => {
    expect((await read(`${PLAIN}\n${CAT.slice(0, 40)}`)).skips).toEqual([["cut off last line", 1]]);
  });

  it("reports counts, and the first few places as editors number them", async () => {
    const { report } = await read(`${PLAIN}\n${"{}\n".repeat(5)}\n`);
    expect(describeReport(report)).toBe(
      "1 of 7 read, 6 skipped\n  no drawing: 5 (2: {}; 3: {}; 4: {}; ...)\n  blank line: 1 (7: nothing)",
    );
    expect(describeReport((await read(PLAIN)).report)).toBe("1 of 1 read, 0 skipped");
  });

  it("refuses a file without any drawing", async () => {
    await expect(read("")).rejects.toThrow(/cat\.ndjson is empty/);
    await expect(read("{}\n\n")).rejects.toThrow(
      /cat\.ndjson holds no drawing.*0 of 2 read.*no drawing: 1 \(1: \{\}\)/s,
    );
    await expect(read("[]")).rejects.toThrow(UserError);
  });

  it.each(["utf16le", "utf-16be"])("names %s text, with a byte order mark and without", async (encoding) => {
    for (const mark of ["\uFEFF", ""]) {
      const bytes = Buffer.from(`${mark}${CAT}\n${PLAIN}\n`, "utf16le");
      const text = encoding === "utf16le" ? bytes : bytes.swap16();
      await expect(read(text)).rejects.toThrow("cat.ndjson is UTF-16 text, expected UTF-8");
      await expect(read(gzipSync(text))).rejects.toThrow("cat.ndjson is UTF-16 text, expected UTF-8");
    }
  });

  it("gives the same whatever the chunks", async () => {
    const text = `\uFEFF${CAT}\r\n\n{"word":"çizgi","drawing":[[[1],[2]]]}\n${PLAIN}`;
    const whole = await read(text);
    for (const size of [1, 2, 3, 7, 64]) expect(await read(text, size)).toEqual(whole);
    expect(whole.drawings[1].sketch.word).toBe("çizgi");
  });

  it("stops the stream when its reader stops", async () => {
    let closed = false;
    async function* endless() {
      try {
        for (;;) yield Buffer.from(`${PLAIN}\n`);
      } finally {
        closed = true;
      }
    }
    for await (const { line } of readNdjson(endless(), "cat.ndjson")) if (line === 5) break;
    expect(closed).toBe(true);
    closed = false;
    for await (const { line } of readNdjson(endless(), "cat.ndjson")) if (line === 0) break;
    expect(closed).toBe(true);
  });

  it("hands on errors of the source", async () => {
    async function* failing() {
      yield Buffer.from(`${PLAIN}\n`);
      throw new UserError("the network is gone");
    }
    await expect(collect(readNdjson(failing(), "cat.ndjson"))).rejects.toThrow("the network is gone");
  });
});

describe("gzip under an .ndjson name", () => {
  const packed = gzipSync(`${CAT}\n${PLAIN}\n`.repeat(500));

  it("is unpacked, in chunks of any size and of several members", async () => {
    for (const size of [1, 17, Infinity]) expect((await read(packed, size)).report.read).toBe(1000);
    expect((await read(Buffer.concat([packed, packed]))).report.read).toBe(2000);
  });

  it("fails clearly when cut off or damaged", async () => {
    await expect(read(packed.subarray(0, packed.length - 9))).rejects.toThrow(
      /cat\.ndjson: its gzip data is damaged or cut off/,
    );
    await expect(read(packed.subarray(0, 2))).rejects.toThrow(UserError);
    const damaged = Buffer.from(packed);
    damaged.fill(0x55, 40, 60);
    await expect(read(damaged)).rejects.toThrow(UserError);
  });

  it("stops the stream when its reader stops", async () => {
    let closed = false;
    async function* endless() {
      try {
        for (;;) yield packed;
      } finally {
        closed = true;
      }
    }
    for await (const { line } of readNdjson(endless(), "cat.ndjson")) if (line === 1500) break;
    expect(closed).toBe(true);
  });

  it("hands on errors of the source", async () => {
    async function* failing() {
      yield packed.subarray(0, 60);
      throw new UserError("the network is gone");
    }
    await expect(collect(readNdjson(failing(), "cat.ndjson"))).rejects.toThrow("the network is gone");
  });
});

describe("linesOf", () => {
  it("refuses a line above 64 MiB, in a chunk or over chunks", async () => {
    const mebibyte = Buffer.alloc(2 ** 20, "1");
    async function* endless() {
      yield Buffer.from("short\n");
      for (;;) yield mebibyte;
    }
    const count = async () => {
      for await (const _ of linesOf(endless(), "big.ndjson"));
    };
    await expect(count()).rejects.toThrow(/big\.ndjson: line 2 is longer than 64 MiB/);
  });

  it("loses no byte", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom("a", "\n", "\r", "ç") }),
        fc.integer({ min: 1, max: 9 }),
        async (text, size) => {
          const lines: string[] = [];
          for await (const line of linesOf(stream(text, size), "x")) lines.push(line.toString());
          expect(lines.join("")).toBe(text);
          expect(lines.slice(0, -1).every((line) => line.indexOf("\n") === line.length - 1)).toBe(true);
        },
      ),
    );
  });
});

describe("whatever comes", () => {
  /** Reads, and holds that lines add up and that nothing but a UserError is thrown. */
  async function survive(text: Uint8Array | string) {
    const report = newReadReport();
    let read = 0;
    try {
      for await (const { sketch } of readNdjson(stream(text, 97), "fuzz.ndjson", report)) {
        read++;
        for (const { x, y } of sketch.strokes) {
          expect(x.length).toBe(y.length);
          expect(x.length).toBeGreaterThan(0);
        }
      }
    } catch (error) {
      expect(error).toBeInstanceOf(UserError);
    }
    const skipped = [...report.skips.values()].reduce((sum, { count }) => sum + count, 0);
    expect(report.read).toBe(read);
    expect(report.lines).toBe(read + skipped);
  }

  it("reads or refuses random bytes", async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), survive));
  });

  it("reads or refuses random JSON", async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.json()), (lines) => survive(lines.join("\n"))));
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 5 }), (drawing) => survive(JSON.stringify({ drawing }))),
    );
  });

  it("reads or refuses valid lines with bytes changed", async () => {
    const valid = Buffer.from(`${CAT}\n${PLAIN}\r\n${CAT}\n`);
    const changes = fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(changes, async (list) => {
        const bytes = Buffer.from(valid);
        for (const [at, value] of list) bytes[at] = value;
        await survive(bytes);
      }),
      { numRuns: 300 },
    );
  });

  it("reads or refuses gzip with bytes changed", async () => {
    const valid = gzipSync(`${CAT}\n${PLAIN}\n`);
    await fc.assert(
      fc.asyncProperty(fc.nat(valid.length - 1), fc.nat(255), async (at, value) => {
        const bytes = Buffer.from(valid);
        bytes[at] = value;
        await survive(bytes);
      }),
    );
  });
});

/** Runs without root's right to read everything. */
async function asNobody(run: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return run();
  process.seteuid?.("nobody");
  try {
    await run();
  } finally {
    process.seteuid?.(0);
  }
}

describe("readFileBytes", () => {
  it("explains what is wrong with a path", async () => {
    const folder = await mkdtemp(join(tmpdir(), "cizgi-read-"));
    try {
      await writeFile(join(folder, "cat.ndjson"), PLAIN);
      await writeFile(join(folder, "locked.ndjson"), PLAIN, { mode: 0 });
      const reading = (name: string) => collect(readNdjson(readFileBytes(join(folder, name)), name));
      expect(await reading("cat.ndjson")).toHaveLength(1);
      await expect(reading("catt.ndjson")).rejects.toThrow(
        /catt\.ndjson: there is no such file\. Did you mean "cat\.ndjson"/,
      );
      await expect(reading("nowhere/cat.ndjson")).rejects.toThrow(UserError);
      await expect(reading("")).rejects.toThrow(/is a folder, expected a file/);
      await asNobody(() => expect(reading("locked.ndjson")).rejects.toThrow(/no permission to read/));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

const shared = fileURLToPath(new URL("../../../../shared/", import.meta.url));
if (!existsSync(shared)) console.warn("skipped: real ndjson files (../shared is missing)");

describe.skipIf(!existsSync(shared))("real files", () => {
  it.each([
    ["quickdraw/simplified/cat.ndjson", 657, "cat"],
    ["quickdraw/simplified/wine glass.ndjson", undefined, "wine glass"],
    ["quickdraw/raw/rabbit.ndjson", undefined, "rabbit"],
    ["peers/sketch-rnn-T025/dog.ndjson", 200, "dog"],
  ])("%s is read without a skip", async (path, count, word) => {
    const report = newReadReport();
    const drawings = await collect(readNdjson(readFileBytes(shared + path), path, report));
    expect(report.lines).toBe(report.read);
    if (count !== undefined) expect(report.read).toBe(count);
    expect(drawings.map(({ line }) => line)).toEqual(drawings.map((_, i) => i));
    expect(drawings.every(({ sketch }) => sketch.word === word)).toBe(true);
    expect(drawings.every(({ sketch }) => sketch.strokes[0].t !== undefined)).toBe(path.includes("/raw/"));
  });
});
