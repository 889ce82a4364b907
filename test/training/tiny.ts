import { presets, type TrainingConfig } from "../../src/config/training.ts";
import { openSource } from "../../src/data/source.ts";
import type { Normalisation } from "../../src/sketch/normalisation.ts";
import { splitDrawings } from "../../src/training/drawings.ts";
import { encodeCategory, joinCategories, type TrainingSet } from "../../src/training/training-set.ts";

/** Seconds on one core: two categories of synthetic doodles, 32 points, a network of 8 channels. */
const small = {
  data: "synthetic",
  categories: ["cat", "bus"],
  limit: 30,
  points: 32,
  baseChannels: 8,
  attentionHeads: 4,
  normGroups: 4,
  diffusionSteps: 100,
  batchSize: 8,
  epochs: 4,
  warmupEpochs: 1,
  checkpointEvery: 5,
  draws: 5,
  samplingSteps: 3,
} as const;

/** The two presets in small: they differ in encoding, pen, prediction, weighting, dropout, augmentation and what is kept. */
export const tinyQuick: TrainingConfig = { ...presets.quick, ...small, categories: [...small.categories] };
export const tinySeed: TrainingConfig = { ...presets.seed, ...small, categories: [...small.categories] };

/** What a run on the configuration's synthetic drawings needs. */
export async function prepare(config: TrainingConfig): Promise<{
  config: TrainingConfig;
  set: TrainingSet;
  normalisation: Record<string, Normalisation>;
}> {
  const drawings = await splitDrawings(await openSource("synthetic"), config);
  const encoded = drawings.map(({ train }) => encodeCategory(train, config));
  const normalisation = Object.fromEntries(
    config.categories.map((category, i) => [category, encoded[i].normalisation]),
  );
  return { config, set: joinCategories(encoded, config.points), normalisation };
}
