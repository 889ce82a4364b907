import type { DenoiserRun } from "../denoiser/family.ts";
import { quick as common, ten } from "../denoiser/presets.ts";
import type { UNet1dSettings } from "./settings.ts";

type Run = DenoiserRun<UNet1dSettings>;

const quick: Run = {
  ...common,
  network: { family: "unet1d", ...common.network, baseChannels: 48, attentionHeads: 8, normGroups: 8 },
};

/** The model that ships: all categories, hours on two cores (docs/ablations.md). */
const quickdraw: Run = {
  data: { ...quick.data, categories: ["all"], trainSize: 600, heldOutSize: 100, limit: 0, heldOut: 0.15 },
  network: {
    ...quick.network,
    prefixConditioning: 0.25,
    baseChannels: 96,
    attentionHeads: 12,
    normGroups: 12,
  },
  optimisation: {
    denoiser: {
      ...quick.optimisation.denoiser,
      timeSampling: "weighted",
      epochs: 60,
      batchSize: 128,
      learningRateSchedule: "trapezoid",
      warmupEpochs: 0.2,
      checkpointEvery: 500,
    },
  },
  sampling: { steps: 8, guidance: 2, sampler: "dpm", eta: 1 },
  report: { drawEvery: 0, draws: 8 },
};

/** The system that the project starts from, as its authors trained it. */
const baseline: Run = {
  data: { ...quick.data, limit: 0 },
  network: {
    ...quick.network,
    encoding: "delta",
    points: 128,
    simplify: 0,
    strokeOrder: "drawn",
    pen: "head",
    prediction: "noise",
    baseChannels: 128,
  },
  optimisation: {
    denoiser: {
      ...quick.optimisation.denoiser,
      augment: true,
      lossWeighting: "uniform",
      dropoutPer: "batch",
      epochs: 300,
      batchSize: 128,
      learningRate: 1e-4,
      warmupEpochs: 10,
      emaWarmup: false,
      keep: "best",
      checkpointEvery: 50,
    },
  },
  sampling: { steps: 150, guidance: 3, sampler: "ddim", eta: 0 },
  report: { drawEvery: 50, draws: 200 },
};

/** `quick`, minutes; `ten`, ten categories; `quickdraw`, the model that ships; `baseline`, the system this project began from. */
export const presets = { quick, ten: ten(quick), quickdraw, baseline };
