import { openSource } from "../../../src/data/source.ts";
import { splitDrawings } from "../../../src/data/split-drawings.ts";
import { configure } from "../../../src/families/configure.ts";
import type { CategoryDrawings } from "../../../src/families/family.ts";
import { familyOf, type RunConfig } from "../../../src/families/registry.ts";
import type { TrainingEvent } from "../../../src/training/run.ts";
import { trainStages } from "../../../src/training/run.ts";
import { runOf } from "../../../src/workflows/train.ts";
import { tinySizes } from "../tiny-models.ts";

/** Both stages in a second on one core. */
const small = {
  data: "synthetic",
  categories: ["cat", "bus"],
  limit: 30,
  points: 24,
  diffusionSteps: 100,
  batchSize: 8,
  epochs: 3,
  warmupEpochs: 1,
  checkpointEvery: 4,
  samplingSteps: 3,
};

/** Runs of families with codes, in small. */
export const tinyRuns = {
  latent: configure("quick", { family: "latent", ...tinySizes.latent, ...small }),
  "encoder-decoder": configure("quick", {
    family: "encoder-decoder",
    ...tinySizes["encoder-decoder"],
    ...small,
  }),
} satisfies Record<string, RunConfig>;

export type TinyName = keyof typeof tinyRuns;

/** The synthetic drawings of a run. */
export async function tinyDrawings({ data }: RunConfig): Promise<CategoryDrawings[]> {
  const split = await splitDrawings(await openSource("synthetic"), data);
  return split.map(({ category, train }) => ({ category, sketches: train }));
}

/** Trains in a folder, or goes on there. */
export async function* trainTiny(folder: string, config: RunConfig): AsyncGenerator<TrainingEvent> {
  const training = familyOf(config).training(config, await tinyDrawings(config));
  yield* trainStages(runOf(config, training, { folder, resume: true, threads: 1 }));
}
