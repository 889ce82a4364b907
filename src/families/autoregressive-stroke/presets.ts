import { quick as common } from "../denoiser/presets.ts";
import { TEN } from "../preset-data.ts";
import type { StrokeRun } from "./settings.ts";

const { augment: _, penWeight: __, dropoutPer: ___, ...training } = common.optimisation.denoiser;
const { prediction, diffusionSteps } = common.network;

const quick: StrokeRun = {
  ...common,
  network: {
    family: "autoregressive-stroke",
    points: 32,
    frequencies: 15,
    strokes: 16,
    // As people go on: from strokes that are there, small or large.
    strokeOrder: "directed",
    prediction,
    diffusionSteps,
    contextWidth: 144,
    contextBlocks: 2,
    contextHeads: 4,
    width: 240,
    blocks: 3,
  },
  optimisation: { denoiser: { ...training, targets: 12, contextNoise: 0.2 } },
  sampling: { steps: 10, guidance: 2, sampler: "dpm", eta: 1, contextNoise: 0.05 },
};

const ten: StrokeRun = {
  ...quick,
  data: TEN,
  optimisation: {
    denoiser: {
      ...quick.optimisation.denoiser,
      timeSampling: "weighted",
      epochs: 130,
      batchSize: 64,
      warmupEpochs: 1,
    },
  },
};

/** `quick`, minutes; `ten`, ten categories. */
export const presets = { quick, ten };
