import { presets, type TrainingConfig } from "../../src/config/training.ts";
import { openSource } from "../../src/data/source.ts";
import type { Normalisation } from "../../src/sketch/normalisation.ts";
import { denoising } from "../../src/training/denoising.ts";
import { splitDrawings } from "../../src/training/drawings.ts";
import type { StepReport } from "../../src/training/loop.ts";
import { type TrainingRun, train } from "../../src/training/run.ts";
import { encodeCategory, joinCategories, type TrainingSet } from "../../src/training/training-set.ts";

/** Seconds on one core: two categories of synthetic doodles, 32 points, a network of 8 channels. */
export const small = {
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

export interface Prepared {
  readonly config: TrainingConfig;
  readonly set: TrainingSet;
  readonly normalisation: Record<string, Normalisation>;
}

/** What a run on the configuration's synthetic drawings needs. */
export async function prepare(config: TrainingConfig): Promise<Prepared> {
  const drawings = await splitDrawings(await openSource("synthetic"), config);
  const encoded = drawings.map(({ train }) => encodeCategory(train, config));
  const normalisation = Object.fromEntries(
    config.categories.map((category, i) => [category, encoded[i].normalisation]),
  );
  return { config, set: joinCategories(encoded, config.points), normalisation };
}

export interface Running {
  readonly resume?: boolean;
  /** Abort after this step. */
  readonly stopAfter?: number;
  readonly onStep?: (step: number) => void;
  readonly minutes?: number;
}

/** Trains in a folder, to the end or until it is stopped as by Ctrl-C; gives the steps it did. */
export async function trainTask(
  folder: string,
  { config, task }: Pick<TrainingRun, "config" | "task">,
  { resume = false, stopAfter, onStep, minutes = Infinity }: Running = {},
): Promise<StepReport[]> {
  const stop = new AbortController();
  const reports: StepReport[] = [];
  try {
    for await (const event of train({ folder, config, task, resume, minutes, signal: stop.signal })) {
      if (event.kind !== "step") continue;
      reports.push(event.report);
      onStep?.(event.report.step);
      if (event.report.step === stopAfter) stop.abort();
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  }
  return reports;
}

/** The same for a diffusion model. */
export const trainIn = (
  folder: string,
  { config, set, normalisation }: Prepared,
  running?: Running,
): Promise<StepReport[]> =>
  trainTask(folder, { config, task: denoising(config, set, normalisation) }, running);

/** For runs that are killed: enough steps to be killed in, and so many checkpoints that some are hit. */
export const killedConfig: TrainingConfig = { ...tinyQuick, epochs: 15, checkpointEvery: 3 };
