import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { benchData } from "../../src/bench/data.ts";
import { slope } from "../../src/bench/growth.ts";
import { benchProfile } from "../../src/bench/profile.ts";
import { benchSample } from "../../src/bench/sample.ts";
import { median } from "../../src/bench/statistics.ts";
import { runSuite, SUITE } from "../../src/bench/suite.ts";
import { reachedTargets, targetsTable } from "../../src/bench/targets.ts";
import { benchTrain } from "../../src/bench/train.ts";
import { drawSynthetic } from "../../src/data/synthetic.ts";
import { cizgi } from "../cli/cizgi.ts";
import { tinyBaseline, tinyQuick } from "../training/tiny.ts";

const onCpu = { device: "cpu", threads: 0 } as const;

test("the median is the middle value, or the mean of the middle two", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});

test("training: counts the work of the graph and reaches some of the peak", async () => {
  const steps: number[] = [];
  const result = await benchTrain(tinyBaseline, 2, onCpu, (step) => steps.push(step));
  expect(steps).toEqual([1, 2, 3, 4, 5]);
  expect(result).toMatchObject({ bench: "train", batch: 8, steps: 2 });
  for (const ratio of [result.ratio, result.ratioToBestPeak]) expect(ratio > 0 && ratio < 1).toBe(true);
});

test("drawing: reports a positive time for each count", async () => {
  const result = await benchSample(tinyQuick, [1, 3], 2, 2, 1, onCpu, () => {});
  expect(result).toMatchObject({ bench: "sample", steps: 2, guidance: 2 });
  expect(result.counts.map(({ drawings }) => drawings)).toEqual([1, 3]);
  for (const { msPerDrawing, ratio } of result.counts)
    expect(Math.min(msPerDrawing, ratio)).toBeGreaterThan(0);
});

test("the profile: shares of the operators add up to one, and attention has one", async () => {
  const { operators, attentionShare, microBatch } = await benchProfile(tinyBaseline);
  expect(operators.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 1);
  expect(operators.find(({ name }) => name === "Softmax")?.runs).toBe(3);
  expect(attentionShare > 0 && attentionShare < 1).toBe(true);
  expect(microBatch).toBeGreaterThan(0);
});

test("an exponent is the slope between logarithms", () => {
  const sizes = [1, 2, 4, 8];
  for (const power of [0, 1, 2])
    expect(
      slope(
        sizes,
        sizes.map((x) => 3 * x ** power),
      ),
    ).toBeCloseTo(power, 12);
});

test("the table of targets says what was not measured", () => {
  const reached = reachedTargets({}).map((row) => row.reached);
  expect(new Set(reached)).toEqual(new Set(["not measured"]));
});

test("the table of targets stands in columns", () => {
  const [header = "", ...lines] = targetsTable({
    start: { bench: "start", rounds: 1, nodeMs: 40, helpMs: 90, pictureMs: 500 },
  }).split("\n");
  const column = header.indexOf("reached");
  expect(lines.map((line) => line.slice(column - 2, column))).toEqual(lines.map(() => "  "));
  expect(lines.filter((line) => line.slice(column) !== "not measured")).toEqual([
    expect.stringMatching(/^cizgi --help .* ≤ 150 ms +90 ms \(40\)$/),
    expect.stringMatching(/^cizgi sample: .* ≤ 2000 ms +500 ms$/),
  ]);
});

test("all benches: each leaves its result and the command that gives it; what cannot run is left out", async () => {
  const folder = mkdtempSync(join(tmpdir(), "cizgi-bench-"));
  const ran: string[] = [];
  const results = await runSuite(folder, "python9", async (words) => {
    ran.push(words.join(" "));
    return words.includes("pytorch") ? undefined : { words };
  });
  expect(ran).toContain("pytorch --python python9");
  const done = Object.entries(SUITE).filter(([name]) => name !== "pytorch");
  expect(results).toEqual(Object.fromEntries(done.map(([name, words]) => [name, { words }])));
  expect(readdirSync(folder).sort()).toEqual(done.map(([name]) => `${name}.json`).sort());
  expect(JSON.parse(readFileSync(join(folder, "train-1024.json"), "utf8"))).toMatchObject({
    command: "npm run bench -- train --batch-size 1024 --steps 2",
    machine: { node: process.version },
    result: { words: SUITE["train-1024"] },
  });
  rmSync(folder, { recursive: true });
});

test("reading: stops after the drawings asked for, from a folder and from a made-up file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cizgi-test-"));
  try {
    const line = `${JSON.stringify({ drawing: drawSynthetic("cat", 0, 0).strokes.map(({ x, y }) => [x, y]) })}\n`;
    await writeFile(join(folder, "cat.ndjson"), line.repeat(30));
    await writeFile(join(folder, "dog.ndjson"), line.repeat(30));
    expect(await benchData(40, folder, () => {})).toMatchObject({
      drawings: 40,
      source: "files of 2 categories",
    });
    const made = await benchData(40, undefined, () => {});
    expect(made.drawings).toBe(40);
    expect(made.memoryMiB).toHaveLength(4);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("the command prints what a bench found, and writes it into a folder", async () => {
  const folder = mkdtempSync(join(tmpdir(), "cizgi-bench-"));
  const args = ["bench", "data", "--drawings", "40", "--json", "--quiet", "--save", join(folder, "results")];
  const { code, stdout } = await cizgi(folder, args);
  expect(code).toBe(0);
  const result = JSON.parse(stdout.toString());
  expect(result).toMatchObject({ bench: "data", drawings: 40 });
  expect(JSON.parse(readFileSync(join(folder, "results/data.json"), "utf8"))).toEqual(result);
  rmSync(folder, { recursive: true });
});
