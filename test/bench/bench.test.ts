import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { benchData } from "../../src/bench/data.ts";
import { benchSample } from "../../src/bench/sample.ts";
import { median } from "../../src/bench/statistics.ts";
import { benchTrain } from "../../src/bench/train.ts";
import { drawSynthetic } from "../../src/data/synthetic.ts";
import { tinyQuick, tinySeed } from "../training/tiny.ts";

const onCpu = { device: "cpu", threads: 0 } as const;

test("the median is the middle value, or the mean of the middle two", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});

test("training: counts the work of the graph and reaches some of the peak", async () => {
  const steps: number[] = [];
  const result = await benchTrain(tinySeed, 2, onCpu, (step) => steps.push(step));
  expect(steps).toEqual([1, 2, 3]);
  expect(result).toMatchObject({ bench: "train", batch: 8, steps: 2 });
  for (const ratio of [result.ratio, result.ratioToBestPeak]) expect(ratio > 0 && ratio < 1).toBe(true);
});

test("drawing: reports a positive time for many and for one", async () => {
  const result = await benchSample(tinyQuick, 3, 2, 2, 1, onCpu, () => {});
  expect(result).toMatchObject({ bench: "sample", drawings: 3, steps: 2, guidance: 2 });
  expect(Math.min(result.msPerDrawing, result.msForOne)).toBeGreaterThan(0);
});

test("reading: stops after the drawings asked for, from a folder and from a made-up file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cizgi-test-"));
  try {
    const line = `${JSON.stringify({ drawing: drawSynthetic("cat", 0, 0).strokes.map(({ x, y }) => [x, y]) })}\n`;
    await writeFile(join(folder, "cat.ndjson"), line.repeat(30));
    await writeFile(join(folder, "dog.ndjson"), line.repeat(30));
    expect(await benchData(40, folder, () => {})).toMatchObject({ drawings: 40, source: folder });
    const made = await benchData(40, undefined, () => {});
    expect(made.drawings).toBe(40);
    expect(made.memoryMiB).toHaveLength(4);
  } finally {
    await rm(folder, { recursive: true });
  }
});
