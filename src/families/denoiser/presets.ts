import { TEN, THREE } from "../preset-data.ts";
import type { DenoiserRun } from "./family.ts";
import type { DenoiserSettings } from "./settings.ts";

/** What families share of a preset; each adds its own sizes. */
interface Common extends Omit<DenoiserRun, "network"> {
  readonly network: Omit<DenoiserSettings, "family">;
}

/** Minutes on two cores: three categories, few points, many small steps at a high learning rate. */
export const quick: Common = {
  data: THREE,
  network: {
    encoding: "position",
    points: 48,
    simplify: 5,
    strokeOrder: "size",
    pen: "channel",
    prediction: "v",
    diffusionSteps: 1000,
    corners: false,
    prefixConditioning: 0,
  },
  optimisation: {
    denoiser: {
      augment: false,
      lossWeighting: "min-snr",
      timeSampling: "uniform",
      penWeight: 0.5,
      classDropout: 0.1,
      dropoutPer: "drawing",
      epochs: 72,
      batchSize: 32,
      learningRate: 2e-3,
      learningRateSchedule: "cosine",
      warmupEpochs: 5,
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
  sampling: { steps: 40, guidance: 3, sampler: "ddim", eta: 1 },
  report: { drawEvery: 0, draws: 40 },
};

/** Ten categories, some twenty minutes of one core, from a family's `quick`. */
export const ten = <S extends DenoiserSettings>(quick: DenoiserRun<S>): DenoiserRun<S> => ({
  ...quick,
  data: TEN,
  network: { ...quick.network, strokeOrder: "directed" },
  optimisation: {
    denoiser: {
      ...quick.optimisation.denoiser,
      timeSampling: "weighted",
      epochs: 130,
      batchSize: 64,
      warmupEpochs: 1,
    },
  },
  sampling: { steps: 10, guidance: 2, sampler: "dpm", eta: 1 },
});
