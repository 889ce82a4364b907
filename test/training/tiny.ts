import { withSettings } from "../../src/base/settings.ts";
import { openSource } from "../../src/data/source.ts";
import { splitDrawings } from "../../src/data/split-drawings.ts";
import { configure } from "../../src/families/configure.ts";
import { sizesOf } from "../../src/families/denoiser/network.ts";
import {
  encodeCategory,
  joinCategories,
  type TrainingSet,
} from "../../src/families/denoiser/training-set.ts";
import type { CategoryDrawings } from "../../src/families/family.ts";
import { unet1d } from "../../src/families/unet1d/family.ts";
import { network } from "../../src/families/unet1d/network.ts";
import type { Normalisation } from "../../src/sketch/normalisation.ts";
import type { StepReport } from "../../src/training/loop.ts";
import { type TrainingRun, trainStages } from "../../src/training/run.ts";
import type { TimeLimit } from "../../src/training/time-limit.ts";
import { runOf } from "../../src/workflows/train.ts";

/** A run of the U-Net. */
export type TinyRun = ReturnType<typeof unet1d.parseRun>;

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
export const tinyQuick = tiny("quick");
export const tinyBaseline = tiny("baseline");

function tiny(preset: string): TinyRun {
  return unet1d.parseRun(configure(preset, { family: "unet1d", ...small }), preset);
}

/** The same with some settings changed, by their names. */
export const changed = (config: TinyRun, changes: Readonly<Record<string, unknown>>): TinyRun =>
  unet1d.parseRun(withSettings(unet1d.runSchema, config, changes), "changed");

/** The network of a run, and its sizes. */
export const sizedOf = ({ network: settings, data: { categories } }: TinyRun) => ({
  network,
  sizes: sizesOf({ network: settings, categories }),
});

export interface Prepared {
  readonly config: TinyRun;
  readonly drawings: readonly CategoryDrawings[];
  readonly set: TrainingSet;
  readonly normalisation: Record<string, Normalisation>;
}

/** What a run on the configuration's synthetic drawings needs. */
export async function prepare(config: TinyRun): Promise<Prepared> {
  const { data, network: settings } = config;
  const split = await splitDrawings(await openSource("synthetic"), data);
  const encoded = split.map(({ train }) => encodeCategory(train, settings));
  const normalisation = Object.fromEntries(
    data.categories.map((category, i) => [category, encoded[i].normalisation]),
  );
  return {
    config,
    drawings: split.map(({ category, train }) => ({ category, sketches: train })),
    set: joinCategories(encoded, settings.points),
    normalisation,
  };
}

export interface Running extends TimeLimit {
  readonly resume?: boolean;
  /** Abort after this step. */
  readonly stopAfter?: number;
  readonly onStep?: (step: number, stage: string) => void;
}

/** Trains in a folder, to the end or until it is stopped as by Ctrl-C; gives the steps it did. */
export async function trainTask(
  folder: string,
  run: Pick<TrainingRun, "config" | "stages" | "save">,
  { resume = false, stopAfter, onStep, ...limit }: Running = {},
): Promise<StepReport[]> {
  const stop = new AbortController();
  const reports: StepReport[] = [];
  try {
    for await (const event of trainStages({ ...run, folder, resume, ...limit, signal: stop.signal })) {
      if (event.kind !== "step") continue;
      reports.push(event.report);
      onStep?.(event.report.step, event.stage);
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
  { config, drawings }: Pick<Prepared, "config" | "drawings">,
  running?: Running,
): Promise<StepReport[]> =>
  trainTask(folder, runOf(config, unet1d.training(config, drawings), { folder }), running);

/** For runs that are killed: enough steps to be killed in, and so many checkpoints that some are hit. */
export const killedConfig = changed(tinyQuick, { epochs: 15, checkpointEvery: 3 });
