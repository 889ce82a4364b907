import { dirname, join } from "node:path";
import { UserError } from "../base/errors.ts";
import type { Source } from "../data/source.ts";
import { type SplitDrawings, splitDrawings } from "../data/split-drawings.ts";
import { parseRunConfig, type RunConfig } from "../families/registry.ts";
import { ensureWritableFolder, writeFileAtomically } from "../files/atomic.ts";
import { fileName } from "../files/name.ts";
import type { Reporter } from "./reporter.ts";
import { chooseSource, namesIn, noteSkips } from "./source.ts";

/** The report compares the network's drawings with real ones that it was not trained on; one has no spread. */
const FEWEST_HELD_OUT = 2;

/**
 * Finds where the drawings of a configuration come from.
 * @returns the source, and the configuration with it and with its own names of the categories, in their order.
 */
export async function openTrainingData(
  config: RunConfig,
  reporter: Reporter,
  signal?: AbortSignal,
): Promise<{ source: Source; config: RunConfig }> {
  const { data } = config;
  const wanted = { ...data, limit: data.limit || undefined };
  const source = await chooseSource(data.source, wanted, reporter, signal);
  const categories = await namesIn(source, data.categories);
  const resolved = { ...config, data: { ...data, categories, source: source.description } };
  return { source, config: parseRunConfig(resolved, "configuration") };
}

/**
 * Reads and splits the drawings of a configuration.
 * @throws UserError for a category that has too few drawings.
 */
export async function readTrainingData(
  source: Source,
  { data }: RunConfig,
  reporter: Reporter,
  signal?: AbortSignal,
): Promise<SplitDrawings[]> {
  const bar = reporter.progress("read", undefined, "drawings");
  const drawings = await splitDrawings(source, data, {
    onProgress: (category, progress) => bar.update(progress.drawings, category),
    onNotice: reporter.note,
    ...(signal && { signal }),
  });
  bar.finish();
  for (const { category, report } of drawings) noteSkips(category, report, reporter);
  for (const { category, heldOut } of drawings) {
    if (heldOut.length < FEWEST_HELD_OUT) {
      throw new UserError(
        `${category}: too few drawings: ${heldOut.length} held out from training, the report needs ${FEWEST_HELD_OUT}; use more.`,
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
