import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { inkInCells, strokesIn } from "../render/cells.ts";
import { readGif } from "../render/gif-reader.ts";

const root = mkdtempSync(join(tmpdir(), "cizgi-examples-"));
afterAll(() => rmSync(root, { recursive: true }));

const example = (name: string, ...args: string[]): string =>
  execFileSync(process.execPath, ["--import", "tsx", join("examples", name), ...args], { encoding: "utf8" });

describe("the examples", () => {
  it("train on drawings of your own and draw with the result", () => {
    const run = join(root, "run");
    expect(example("02-train-your-own.ts", run, "1")).toMatch(/^epoch 1: loss \d/);
    const drawings = join(root, "drawings");
    expect(example("01-draw.ts", "spiral", drawings, run)).toContain('10 drawings of "spiral"');
    const files = readdirSync(drawings);
    expect(files.filter((name) => name.endsWith(".svg"))).toHaveLength(10);
    const strokes = Array.from({ length: 10 }, (_, i) =>
      strokesIn(readFileSync(join(drawings, `spiral-${i}.svg`), "utf8")),
    );
    const cells = inkInCells(readFileSync(join(drawings, "spiral.png")));
    expect(cells).toEqual(strokes.map((count) => count > 0));
    expect(cells).toContain(true);
    const { frames } = readGif(readFileSync(join(drawings, "spiral.gif")));
    expect(frames.length > 1).toBe(cells[0]);
  });

  it("start from drawings, with the model that ships", () => {
    const file = join(root, "from-drawings.png");
    expect(example("05-from-drawings.ts", file)).toContain("3 rows of drawings");
    expect(inkInCells(readFileSync(file))).toEqual(Array.from({ length: 21 }, () => true));
  });

  it("measure the model that ships, the floor first", () => {
    const table = example("06-evaluate.ts", "synthetic", "8");
    expect(table).toContain("N = 24 drawings on each side: cat, bus, rabbit.");
    expect(table).toMatch(/^real .*\n^drawn /m);
  });

  it("are short", () => {
    const lines = readdirSync("examples").map((name) =>
      readFileSync(join("examples", name), "utf8").split("\n"),
    );
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(40);
  });

  it("descend along a gradient until a circle fits", () => {
    const model = join(root, "circle.onnx");
    expect(example("03-gradient-of-anything.ts", model)).toContain("centre (0.50, -0.30), radius 0.80");
    expect(statSync(model).size).toBeGreaterThan(100);
  });

  it("spoil drawings in eight ways, each drawing of it still there", () => {
    const spoiled = join(root, "spoiled");
    expect(example("04-spoil-drawings.ts", "synthetic", spoiled, "5")).toContain("npx cizgi evaluate");
    expect(readdirSync(spoiled)).toHaveLength(8);
    const lines = (way: string) =>
      readFileSync(join(spoiled, way, "cat.ndjson"), "utf8")
        .trimEnd()
        .split("\n")
        .map((line): { drawing: number[][][] } => JSON.parse(line));
    const points = (way: string) =>
      lines(way).map(({ drawing }) => drawing.reduce((n, [x]) => n + x.length, 0));
    for (const way of ["jitter-16", "no-pen-lifts", "strokes-shuffled", "points-shuffled"])
      expect(points(way)).toEqual(points("jitter-2"));
    expect(lines("no-pen-lifts").every(({ drawing }) => drawing.length === 1)).toBe(true);
    expect(new Set(lines("one-repeated").map((line) => JSON.stringify(line))).size).toBe(1);
  });
});
