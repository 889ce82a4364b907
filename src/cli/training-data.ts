import { dirname, join } from "node:path";
import { UserError } from "../base/errors.ts";
import { parseTrainingConfig, type TrainingConfig } from "../config/training.ts";
import type { Source } from "../data/source.ts";
import { ensureWritableFolder, writeFileAtomically } from "../files/atomic.ts";
import { fileName } from "../files/name.ts";
import type { Normalisation } from "../sketch/normalisation.ts";
import { type SplitDrawings, splitDrawings } from "../training/drawings.ts";
import { encodeCategory, joinCategories, type TrainingSet } from "../training/training-set.ts";
import { chooseSource, namesIn, noteSkips } from "./common.ts";
import type { Output } from "./output.ts";
import { progressBar } from "./progress.ts";

/** What a configuration's drawings become. */
export interface TrainingData {
  readonly drawings: readonly SplitDrawings[];
  readonly set: TrainingSet;
  readonly normalisation: Readonly<Record<string, Normalisation>>;
}

/** The report compares the network's drawings with real ones that it was not trained on; one has no spread. */
const FEWEST_HELD_OUT = 2;

/**
 * Finds where the drawings of a configuration come from.
 * @returns the source, and the configuration with it and with its own names of the categories, in their order.
 */
export async function openTrainingData(
  config: TrainingConfig,
  to: Output,
  signal: AbortSignal,
): Promise<{ source: Source; config: TrainingConfig }> {
  const wanted = { ...config, limit: config.limit || undefined };
  const source = await chooseSource(config.data, wanted, to, signal);
  const categories = await namesIn(source, config.categories);
  const resolved = { ...config, categories, data: source.description };
  return { source, config: parseTrainingConfig(resolved, "configuration") };
}

/**
 * Reads, splits and encodes the drawings of a configuration.
 * @param known the normalisation of each category, where it is known; else measured.
 * @throws UserError for a category that has too few drawings.
 */
export async function readTrainingData(
  { source, config }: { source: Source; config: TrainingConfig },
  to: Output,
  signal: AbortSignal,
  known: readonly Normalisation[] = [],
): Promise<TrainingData> {
  const drawings = await readDrawings(source, config, to, signal);
  const encoded = drawings.map(({ train }, i) => {
    const fitting = encodeCategory(train, config);
    return { ...fitting, normalisation: known[i] ?? fitting.normalisation };
  });
  const set = joinCategories(encoded, config.points);
  const all = drawings.reduce((sum, { train }) => sum + train.length, 0);
  const left = all - set.labels.length;
  if (left > 0)
    to.note(`${left} of ${all} drawings do not fit into ${config.points} points and are left out.`);
  const normalisation = Object.fromEntries(
    drawings.map(({ category }, i) => [category, encoded[i].normalisation]),
  );
  return { drawings, set, normalisation };
}

async function readDrawings(
  source: Source,
  config: TrainingConfig,
  to: Output,
  signal: AbortSignal,
): Promise<SplitDrawings[]> {
  const bar = progressBar("read", undefined, "drawings", to.quiet);
  const drawings = await splitDrawings(source, config, {
    onProgress: (category, progress) => bar.update(progress.drawings, category),
    onNotice: to.note,
    signal,
  });
  bar.finish();
  for (const { category, report } of drawings) noteSkips(category, report, to);
  for (const { category, test } of drawings) {
    if (test.length < FEWEST_HELD_OUT) {
      throw new UserError(
        `${category}: too few drawings: ${test.length} held out from training, the report needs ${FEWEST_HELD_OUT}; use more.`,
      );
    }
  }
  return drawings;
}

/** Writes which lines of the data were for training and which were held out, in the seed's layout. */
export async function writeSplits(folder: string, drawings: readonly SplitDrawings[]): Promise<void> {
  for (const { category, split } of drawings) {
    const path = join(folder, "subset", fileName(category), "indices.json");
    await ensureWritableFolder(dirname(path));
    await writeFileAtomically(path, `${JSON.stringify(split)}\n`);
  }
}
