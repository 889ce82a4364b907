import { z } from "zod";
import { checked, type KeysOf } from "../base/check.ts";
import { finiteNumber, wholeNumber } from "../base/numbers.ts";
import type { Sketch } from "../sketch/sketch.ts";
import { isForTesting } from "./key-hash.ts";
import { newReadReport, type ReadReport } from "./read/report.ts";
import type { ReadOptions, Source } from "./source.ts";

/** One category's drawings, split by the hash of their keys. */
export interface HeldOutSplit {
  readonly category: string;
  readonly train: readonly Sketch[];
  readonly heldOut: readonly Sketch[];
  /** What could not be read. */
  readonly report: ReadReport;
}

/** Which drawings are read, and how many are held out. */
export interface HeldOutWanted {
  readonly categories: readonly string[];
  /** Share of the drawings that is held out, 0..1. */
  readonly fraction: number;
  /** Training drawings kept of each category, the first ones of its file; all when left out. */
  readonly mostTraining?: number;
}

const schema = z.strictObject({
  categories: z.array(z.string()),
  fraction: finiteNumber(0, 1),
  mostTraining: wholeNumber(0).optional(),
} satisfies KeysOf<HeldOutWanted>);

/** Reads categories and splits each by the hash of the drawings' keys; memory grows with what is kept. */
export async function* heldOutSplits(
  source: Source,
  wanted: HeldOutWanted,
  options: Pick<ReadOptions, "onProgress" | "onNotice" | "signal"> = {},
): AsyncGenerator<HeldOutSplit> {
  checked(schema, wanted, "heldOutSplits");
  const { categories, fraction, mostTraining = Infinity } = wanted;
  for (const category of categories) {
    const report = newReadReport();
    const train: Sketch[] = [];
    const heldOut: Sketch[] = [];
    for await (const { sketch } of source.drawings(category, { ...options, report })) {
      if (isForTesting(sketch, fraction)) heldOut.push(sketch);
      else if (train.length < mostTraining) train.push(sketch);
    }
    yield { category, train, heldOut, report };
  }
}
