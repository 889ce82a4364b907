import { z } from "zod";
import { checked, type KeysOf } from "../base/check.ts";
import { finiteNumber, wholeNumber } from "../base/numbers.ts";
import type { Sketch } from "../sketch/sketch.ts";
import { isForTesting } from "./key-hash.ts";
import type { ReadDrawing } from "./read/drawing.ts";
import { newReadReport, type ReadReport } from "./read/report.ts";
import type { Progress, Source } from "./source.ts";
import { type Split, splitLines, splitSizes } from "./split.ts";

/** One category's drawings, split. */
export interface SplitDrawings {
  readonly category: string;
  /** Line numbers of the drawings in their file. */
  readonly split: Split;
  readonly train: readonly Sketch[];
  readonly heldOut: readonly Sketch[];
  /** What could not be read. */
  readonly report: ReadReport;
}

/** Which drawings are read, and how they are split. */
export interface DrawingsWanted {
  readonly categories: readonly string[];
  readonly trainSize: number;
  readonly heldOutSize: number;
  /** Drawings read of each category; 0: all. */
  readonly limit: number;
  /** Share of the drawings held out by the hash of their keys; 0: the seed's split, by lines. */
  readonly heldOut: number;
  /** Of the split by lines. */
  readonly splitSeed: number;
}

/** With whatever keys beside: a training configuration says them too. */
const schema = z.looseObject({
  categories: z.array(z.string()),
  trainSize: wholeNumber(0),
  heldOutSize: wholeNumber(0),
  limit: wholeNumber(0),
  heldOut: finiteNumber(0, 1),
  splitSeed: wholeNumber(0, Number.MAX_SAFE_INTEGER),
} satisfies KeysOf<DrawingsWanted>);

/** What is told while drawings are read, and how reading is stopped. */
export interface ReadHooks {
  /** Called now and then while reading. */
  readonly onProgress?: (category: string, progress: Readonly<Progress>) => void;
  /** Told in plain words what a person may want to know. */
  readonly onNotice?: (text: string) => void;
  readonly signal?: AbortSignal;
}

/** The drawings of one category with their lines, in the order of the file. */
type Read = (category: string, report: ReadReport) => AsyncIterable<ReadDrawing>;

/** Reads and splits categories, by lines as the seed does it or by the hash of the drawings' keys. */
export async function splitDrawings(
  source: Source,
  wanted: DrawingsWanted,
  hooks: ReadHooks = {},
): Promise<SplitDrawings[]> {
  checked(schema, wanted, "splitDrawings");
  const read: Read = (category, report) =>
    source.drawings(category, {
      limit: wanted.limit || undefined,
      report,
      onProgress: (progress) => hooks.onProgress?.(category, progress),
      onNotice: hooks.onNotice,
      signal: hooks.signal,
    });
  return wanted.heldOut > 0 ? splitByKeys(read, wanted) : splitByLines(read, wanted);
}

async function splitByKeys(read: Read, wanted: DrawingsWanted): Promise<SplitDrawings[]> {
  const result: SplitDrawings[] = [];
  for (const category of wanted.categories) {
    const report = newReadReport();
    const train = { lines: [] as number[], sketches: [] as Sketch[], most: wanted.trainSize };
    const heldOut = { lines: [] as number[], sketches: [] as Sketch[], most: wanted.heldOutSize };
    for await (const { sketch, line } of read(category, report)) {
      const side = isForTesting(sketch, wanted.heldOut) ? heldOut : train;
      if (side.lines.length === side.most) continue;
      side.lines.push(line);
      side.sketches.push(sketch);
    }
    const split = { train: train.lines, test: heldOut.lines };
    result.push({ category, split, train: train.sketches, heldOut: heldOut.sketches, report });
  }
  return result;
}

/**
 * Reads each category twice: once to count its lines, which the seed's split starts from, once to keep the drawings
 * that the split chose; so memory grows with the drawings kept, not with the file.
 */
async function splitByLines(read: Read, wanted: DrawingsWanted): Promise<SplitDrawings[]> {
  const reports = new Map<string, ReadReport>();
  for (const category of wanted.categories) {
    const report = newReadReport();
    for await (const _ of read(category, report));
    reports.set(category, report);
  }
  const requests = [...reports].map(([category, { lines }]) => {
    const { train, test } = splitSizes(lines);
    return {
      category,
      total: lines,
      train: Math.min(train, wanted.trainSize),
      test: Math.min(test, wanted.heldOutSize),
    };
  });
  const splits = splitLines(requests, wanted.splitSeed);

  const result: SplitDrawings[] = [];
  for (const [category, report] of reports) {
    const split = splits.get(category) ?? { train: [], test: [] };
    const trainLines = new Set(split.train);
    const heldOutLines = new Set(split.test);
    const train: Sketch[] = [];
    const heldOut: Sketch[] = [];
    for await (const { sketch, line } of read(category, newReadReport())) {
      if (trainLines.has(line)) train.push(sketch);
      else if (heldOutLines.has(line)) heldOut.push(sketch);
    }
    result.push({ category, split, train, heldOut, report });
  }
  return result;
}
