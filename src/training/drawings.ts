import { newReadReport, type ReadReport } from "../data/read/report.ts";
import type { Progress, Source } from "../data/source.ts";
import { type Split, splitLines, splitSizes } from "../data/split.ts";
import type { Sketch } from "../sketch/sketch.ts";

/** One category's drawings, split. */
export interface SplitDrawings {
  readonly category: string;
  /** Line numbers of the drawings in their file. */
  readonly split: Split;
  readonly train: readonly Sketch[];
  readonly test: readonly Sketch[];
  /** What could not be read. */
  readonly report: ReadReport;
}

export interface DrawingsWanted {
  readonly categories: readonly string[];
  readonly trainSize: number;
  readonly testSize: number;
  /** Drawings read of each category; 0: all. */
  readonly limit: number;
  readonly splitSeed: number;
}

interface Hooks {
  readonly onProgress?: (category: string, progress: Readonly<Progress>) => void;
  readonly onNotice?: (text: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Reads each category twice: once to count its lines, which the seed's split starts from, once to keep the drawings
 * that the split chose; so memory grows with the drawings kept, not with the file.
 */
export async function splitDrawings(
  source: Source,
  wanted: DrawingsWanted,
  hooks: Hooks = {},
): Promise<SplitDrawings[]> {
  const reports = new Map<string, ReadReport>();
  const read = (category: string, report: ReadReport) =>
    source.drawings(category, {
      limit: wanted.limit || undefined,
      report,
      onProgress: (progress) => hooks.onProgress?.(category, progress),
      onNotice: hooks.onNotice,
      signal: hooks.signal,
    });

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
      test: Math.min(test, wanted.testSize),
    };
  });
  const splits = splitLines(requests, wanted.splitSeed);

  const result: SplitDrawings[] = [];
  for (const [category, report] of reports) {
    const split = splits.get(category) ?? { train: [], test: [] };
    const trainLines = new Set(split.train);
    const testLines = new Set(split.test);
    const train: Sketch[] = [];
    const test: Sketch[] = [];
    for await (const { sketch, line } of read(category, newReadReport())) {
      if (trainLines.has(line)) train.push(sketch);
      else if (testLines.has(line)) test.push(sketch);
    }
    result.push({ category, split, train, test, report });
  }
  return result;
}
