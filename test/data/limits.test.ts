import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { collect } from "../../src/base/collect.ts";
import { UserError } from "../../src/base/errors.ts";
import { newReadReport } from "../../src/data/read/report.ts";
import { openSource } from "../../src/data/source.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cizgi-limits-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

async function readCat(content: string | Uint8Array) {
  writeFileSync(join(folder, "cat.ndjson"), content);
  const report = newReadReport();
  const drawings = await collect((await openSource(folder)).drawings("cat", { report }));
  return { drawings, report };
}

const line = (x: readonly number[], y: readonly number[]) => `${JSON.stringify({ drawing: [[x, y]] })}\n`;
const GOOD = line([0, 1, 2], [0, 1, 0]);
const long = (points: number) => {
  const values = Array.from({ length: points }, (_, i) => i % 256);
  return line(values, values);
};

it.each([
  ["an extent that no number is large enough for", [1e308, -1e308], [0, 5]],
  ["one far point", [0, 1], [0, 1.5e9]],
  ["the largest number", [0, Number.MAX_VALUE], [0, 1]],
])("skips and counts a drawing with %s", async (_, x, y) => {
  const { drawings, report } = await readCat(line(x, y) + GOOD);
  expect(drawings.map((drawing) => drawing.line)).toEqual([1]);
  expect(report).toMatchObject({ lines: 2, read: 1 });
  expect(report.skips.get("coordinates out of range")?.count).toBe(1);
});

it("reads a drawing far from the origin as it is", async () => {
  expect((await readCat(line([1e9, 1e9 - 5, 0], [-1e9, 0, 0]))).drawings[0].sketch.strokes).toEqual([
    { x: [1e9, 1e9 - 5, 0], y: [-1e9, 0, 0] },
  ]);
});

it("skips a drawing of more points than a person draws, as many as the environment says", async () => {
  const { drawings, report } = await readCat(long(30_000) + long(30_001) + GOOD);
  expect(drawings.map((drawing) => drawing.line)).toEqual([0, 2]);
  expect(report.skips.get("too many points")?.examples).toEqual([
    {
      line: 1,
      found: "30001 of them, expected at most 30000; if it is meant so, set CIZGI_POINT_LIMIT to more",
    },
  ]);
  vi.stubEnv("CIZGI_POINT_LIMIT", "40000");
  expect((await readCat(long(30_001))).drawings).toHaveLength(1);
  vi.stubEnv("CIZGI_POINT_LIMIT", "many");
  await expect(readCat(GOOD)).rejects.toThrow(
    'CIZGI_POINT_LIMIT: expected a whole number above 0, found "many"',
  );
});

it("gives a file up that has more unusable lines than anyone can have meant", async () => {
  vi.stubEnv("CIZGI_SKIP_LIMIT", "1000");
  const rubbish = gzipSync("\n".repeat(1_000_000));
  const reading = readCat(rubbish);
  await expect(reading).rejects.toThrow(UserError);
  await expect(reading).rejects.toThrow(
    `${join(folder, "cat.ndjson")}: more than 1000 lines are no drawings (the last one: blank line)`,
  );
  await expect(readCat(`{}\n${GOOD}`.repeat(1001))).rejects.toThrow("the last one: no drawing");
  expect((await readCat(`\n${GOOD}`.repeat(1000))).drawings).toHaveLength(1000);
});

it("says at once what is wrong where no line of a file is usable", async () => {
  await expect(readCat(line([1e300], [0]).repeat(3))).rejects.toThrow(
    "holds no drawing that could be read: 0 of 3 read, 3 skipped",
  );
});
