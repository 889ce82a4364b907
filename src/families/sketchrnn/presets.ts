import { TEN, THREE } from "../preset-data.ts";
import type { SketchRnnRun } from "./family.ts";
import type { SketchRnnDraws, SketchRnnSettings } from "./settings.ts";

/** What families share of a preset; each adds its head's settings and how it draws. */
interface Common extends Omit<SketchRnnRun, "network" | "sampling"> {
  readonly network: Omit<SketchRnnSettings, "family">;
}

/** Minutes on two cores: three categories, few points. */
export const quick: Common = {
  data: THREE,
  network: { points: 48, simplify: 5, strokeOrder: "directed", hidden: 512, classWidth: 64 },
  optimisation: {
    decoder: {
      augment: true,
      recurrentDropout: 0.1,
      klWeight: 0.5,
      klFloor: 0.2,
      epochs: 72,
      batchSize: 32,
      learningRate: 2e-3,
      learningRateSchedule: "cosine",
      warmupEpochs: 1,
      beta1: 0.9,
      beta2: 0.99,
      weightDecay: 0.01,
      clip: 1,
      emaDecay: 0.999,
      emaWarmup: true,
      keep: "last",
      seed: 42,
      checkpointEvery: 250,
    },
  },
  report: { drawEvery: 0, draws: 40 },
};

/** Ten categories, some twenty minutes of one core, from a family's `quick`. */
export const ten = <S extends SketchRnnSettings, D extends SketchRnnDraws>(
  quick: SketchRnnRun<S, D>,
): SketchRnnRun<S, D> => ({
  ...quick,
  data: TEN,
  optimisation: { decoder: { ...quick.optimisation.decoder, epochs: 65, batchSize: 64 } },
});
