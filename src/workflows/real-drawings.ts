import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { UsageError, UserError } from "../base/errors.ts";
import { heldOutSplits } from "../data/held-out.ts";
import { splitDrawings } from "../data/split-drawings.ts";
import { readRunConfig } from "../families/configure.ts";
import type { RunConfig } from "../families/registry.ts";
import { readJson } from "../files/json.ts";
import type { Sketch } from "../sketch/sketch.ts";
import { configFile, logFile } from "../training/run.ts";
import type { Reporter } from "./reporter.ts";
import { chooseSource, namesIn, noteSkips } from "./source.ts";

/** Real drawings of some categories, by category. */
export interface RealDrawings {
  readonly categories: readonly string[];
  readonly training: readonly (readonly Sketch[])[];
  readonly heldOut: readonly (readonly Sketch[])[];
  /** How they were split, in words. */
  readonly split: string;
}

interface RealFlags {
  /** Where the drawings are; empty: as for training. */
  readonly real: string;
  readonly heldOut: number;
}

/** The configuration of the run that a model is of, where `path` is the folder of one or of its model. */
export async function runConfig(path: string): Promise<RunConfig | undefined> {
  const folder = basename(path) === "model" ? dirname(path) : path;
  const exists = (place: string) =>
    stat(place).then(
      () => true,
      () => false,
    );
  // A model's folder has a config.json too, but no log.
  if (!(await exists(logFile(folder)))) return undefined;
  return readRunConfig(await readJson(configFile(folder)), configFile(folder)).config;
}

const SPLIT_KEYS = ["categories", "trainSize", "heldOutSize", "limit", "heldOut", "splitSeed"] as const;

/**
 * Training and held-out real drawings. Where one of the models is a run, its own split: what it was trained on is known
 * from its configuration; else a split by the hash of the drawings' keys.
 * @throws UsageError when runs were split differently.
 */
export async function readRealDrawings(
  runs: readonly RunConfig[],
  categories: readonly string[],
  flags: RealFlags,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<RealDrawings> {
  const [run] = runs;
  return run === undefined
    ? splitByHash(categories, flags, reporter, signal)
    : splitAsRun(runs, run, categories, flags, reporter, signal);
}

async function splitByHash(
  categories: readonly string[],
  { real, heldOut: fraction }: RealFlags,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<RealDrawings> {
  const source = await chooseSource(real, { categories }, reporter, signal);
  const names = await namesIn(source, categories);
  const bar = reporter.progress("read", names.length, "categories");
  const training: (readonly Sketch[])[] = [];
  const heldOut: (readonly Sketch[])[] = [];
  const wanted = { categories: names, fraction };
  for await (const split of heldOutSplits(source, wanted, { onNotice: reporter.note, signal })) {
    noteSkips(split.category, split.report, reporter);
    training.push(split.train);
    heldOut.push(split.heldOut);
    bar.update(training.length, split.category);
  }
  bar.finish();
  const percent = `${Math.round(100 * fraction)} %`;
  return {
    categories,
    training,
    heldOut,
    split: `${percent} of ${source.description}, chosen by the hash of their keys`,
  };
}

async function splitAsRun(
  runs: readonly RunConfig[],
  run: RunConfig,
  categories: readonly string[],
  { real }: RealFlags,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<RealDrawings> {
  // Other data are other drawings, unless --real says where all of them are.
  for (const key of real === "" ? (["source", ...SPLIT_KEYS] as const) : SPLIT_KEYS) {
    const values = new Set(runs.map(({ data }) => JSON.stringify(data[key])));
    if (values.size > 1)
      throw new UsageError(
        `the runs were trained with different ${key === "source" ? "data" : key} (${[...values].join(" and ")}), so that they hold out different drawings; evaluate them one by one.`,
      );
  }
  const source = await chooseSource(real || run.data.source, { categories }, reporter, signal);
  const bar = reporter.progress("read", undefined, "drawings");
  const drawings = await splitDrawings(source, run.data, {
    onProgress: (category, { drawings: done }) => bar.update(done, category),
    onNotice: reporter.note,
    signal,
  });
  bar.finish();
  const splits = categories.map((category) => {
    const found = drawings.find((split) => split.category === category);
    if (found === undefined)
      throw new UserError(
        `${category}: the run was not trained on it; it knows ${run.data.categories.join(", ")}.`,
      );
    return found;
  });
  return {
    categories,
    training: splits.map(({ train }) => train),
    heldOut: splits.map(({ heldOut }) => heldOut),
    split: `those of ${source.description} that the run's own split held out`,
  };
}
