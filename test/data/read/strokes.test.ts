import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readNdjson } from "../../../src/data/read/ndjson.ts";
import { describeReport, newReadReport } from "../../../src/data/read/report.ts";
import type { Stroke } from "../../../src/sketch/sketch.ts";
import { collect, stream } from "./bytes.ts";

/** The strokes of a file of these drawings, and what was said of it. */
async function read(...drawings: unknown[]) {
  const report = newReadReport();
  const text = drawings.map((drawing) => `${JSON.stringify({ drawing })}\n`).join("");
  const found = await collect(readNdjson(stream(text), "cat.ndjson", report));
  return { strokes: found.map(({ sketch }) => sketch.strokes), report };
}

const asPoints = (rows: readonly (readonly number[])[]): number[][] =>
  rows[0].map((_, i) => rows.map((row) => row[i]));

const AS_POINTS = "its strokes are lists of points [x, y], and read as such";

describe("strokes as lists of points", () => {
  const long = [
    [0, 50, 100, 150, 200],
    [10, 20, 30, 40, 50],
  ];
  const short = [
    [10, 100],
    [200, 10],
  ];

  it("are read as points where longer strokes of the file show what they are, and that is said", async () => {
    const rows = await read([short], [long, short]);
    const points = await read([asPoints(short)], [asPoints(long), asPoints(short)]);
    expect(points.strokes).toEqual(rows.strokes);
    expect(rows.strokes[0]).toEqual([{ x: [10, 100], y: [200, 10] }]);
    expect(describeReport(points.report)).toBe(`2 of 2 read, 0 skipped; ${AS_POINTS}`);
    expect(describeReport(rows.report)).toBe("2 of 2 read, 0 skipped");
  });

  it("are told from rows where every stroke has two points and the next begins where one ends", async () => {
    const corners = [
      [10, 200],
      [100, 10],
      [190, 200],
    ];
    const sides = corners.map((corner, i) => [corner, corners[(i + 1) % 3]]);
    const expected = [
      { x: [10, 100], y: [200, 10] },
      { x: [100, 190], y: [10, 200] },
      { x: [190, 10], y: [200, 200] },
    ];
    const points = await read(sides);
    expect(points.strokes).toEqual([expected]);
    expect([...points.report.notes]).toEqual([AS_POINTS]);
    const rows = await read(sides.map(asPoints));
    expect(rows.strokes).toEqual([expected]);
    expect(rows.report.notes.size).toBe(0);
  });

  it("are taken for rows where nothing tells, which is said", async () => {
    const { strokes, report } = await read([short]);
    expect(strokes).toEqual([[{ x: [10, 100], y: [200, 10] }]]);
    expect(describeReport(report)).toContain("nothing tells which; they are read as rows");
  });

  it("are read also where a stroke of a single point follows one of two", async () => {
    const dot = [[7, 9]];
    const { strokes } = await read([asPoints(long)], [asPoints(short), dot]);
    expect(strokes[1]).toEqual([
      { x: [10, 100], y: [200, 10] },
      { x: [7], y: [9] },
    ]);
  });

  it("may have times or pressures beside the coordinates", async () => {
    const rows = [
      [0, 50, 100, 150, 200],
      [10, 20, 30, 40, 50],
      [0, 16, 33, 50, 66],
    ];
    const pressures = [...long, [0.5, 0.9, 0.2, 0.7, 0]];
    const timed = [{ x: rows[0], y: rows[1], t: rows[2] }];
    expect((await read([asPoints(rows)])).strokes).toEqual([timed]);
    expect((await read([rows])).strokes).toEqual([timed]);
    expect((await read([[...rows, pressures[2]]])).strokes).toEqual([timed]);
    expect((await read([asPoints(pressures)])).strokes).toEqual([[{ x: long[0], y: long[1] }]]);
    expect((await read([pressures])).strokes).toEqual([[{ x: long[0], y: long[1] }]]);
  });

  it("and rows are told from each other for any drawings of which some stroke has five points", async () => {
    const stroke = (fewest: number) =>
      fc
        .array(fc.tuple(fc.nat(255), fc.nat(255)), { minLength: fewest, maxLength: 12 })
        .map((points) => asPoints(points));
    const drawing = fc
      .tuple(stroke(5), fc.array(stroke(2), { maxLength: 4 }))
      .map(([first, others]) => [first, ...others]);
    await fc.assert(
      fc.asyncProperty(fc.array(drawing, { minLength: 1, maxLength: 5 }), async (drawings) => {
        const expected = drawings.map((strokes) => strokes.map(([x, y]) => ({ x, y })));
        expect((await read(...drawings)).strokes).toEqual(expected);
        expect((await read(...drawings.map((strokes) => strokes.map(asPoints)))).strokes).toEqual(expected);
      }),
    );
  });

  it("do not stop a file of rows from being read where one line has them", async () => {
    const { strokes, report } = await read([long], [asPoints(long)], [long]);
    expect(strokes).toHaveLength(2);
    expect([...report.skips.keys()]).toEqual(["malformed stroke"]);
  });
});

describe("strokes as objects", () => {
  const expected: Stroke[] = [
    { x: [1, 2, 3], y: [4, 5, 6] },
    { x: [7, 8], y: [9, 10] },
  ];

  it.each<[string, unknown]>([
    ["of rows", expected],
    ["of points", expected.map(({ x, y }) => x.map((value, i) => ({ x: value, y: y[i] })))],
    ["of rows for all strokes at once", { x: expected.map(({ x }) => x), y: expected.map(({ y }) => y) }],
    ["of rows, as JSON in a string", JSON.stringify(expected)],
  ])("%s are read", async (_, drawing) => {
    const { strokes, report } = await read(drawing);
    expect(strokes).toEqual([expected]);
    expect(report.notes.size).toBe(0);
  });

  it("keep their times", async () => {
    const timed = { x: [1, 2], y: [3, 4], t: [0, 20] };
    const points = [
      { x: 1, y: 3, t: 0 },
      { x: 2, y: 4, t: 20 },
    ];
    const all = { x: [timed.x], y: [timed.y], t: [timed.t] };
    expect((await read([timed], [points], all, timed)).strokes).toEqual([[timed], [timed], [timed], [timed]]);
  });

  it("are skipped and counted where they are malformed", async () => {
    const bad = [
      [{ x: [1, 2] }],
      [{ x: 1, y: 2 }],
      [[{ x: 1, y: 2 }, { x: 3 }]],
      [[{ x: 1, y: 2 }, 5]],
      [{ x: [1, 2], y: [3] }],
      { x: [[1, 2]], y: [] },
      [{ x: ["1"], y: [2] }],
    ];
    const { strokes, report } = await read([expected[0]], ...bad);
    expect(strokes).toHaveLength(1);
    expect(Object.fromEntries([...report.skips].map(([reason, { count }]) => [reason, count]))).toEqual({
      "malformed stroke": 2,
      "coordinates of different length": 2,
      "not a number": 3,
    });
  });

  it("lie in a field named strokes as well", async () => {
    const report = newReadReport();
    const text = `${JSON.stringify({ word: "cat", strokes: expected })}\n`;
    const [{ sketch }] = await collect(readNdjson(stream(text), "cat.ndjson", report));
    expect(sketch).toEqual({ word: "cat", strokes: expected });
  });
});

const simplified = fileURLToPath(new URL("../../../../shared/quickdraw/simplified/", import.meta.url));
if (!existsSync(simplified)) console.warn("skipped: the form of real strokes (../shared is missing)");

it.skipIf(!existsSync(simplified))(
  "every real category is the same as rows and as points",
  async () => {
    for (const file of await readdir(simplified)) {
      const lines = (await readFile(join(simplified, file), "utf8")).trim().split("\n").slice(0, 60);
      const drawings: number[][][][] = lines.map((line) => JSON.parse(line).drawing);
      const rows = await read(...drawings);
      const points = await read(...drawings.map((strokes) => strokes.map(asPoints)));
      expect(points.strokes).toEqual(rows.strokes);
      expect(rows.strokes).toEqual(drawings.map((strokes) => strokes.map(([x, y]) => ({ x, y }))));
      expect([...rows.report.notes, ...points.report.notes]).toEqual([AS_POINTS]);
    }
  },
  60_000,
);
