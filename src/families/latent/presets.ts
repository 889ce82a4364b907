import type { CodeRun } from "../autoencoder/family.ts";
import { quick as common } from "../denoiser/presets.ts";
import { TEN } from "../preset-data.ts";
import type { LatentSettings, LatentTraining } from "./settings.ts";

const { encoding, points, simplify, strokeOrder, diffusionSteps } = common.network;
const {
  augment: _,
  penWeight,
  dropoutPer: __,
  lossWeighting,
  timeSampling,
  classDropout,
  ...optimisation
} = common.optimisation.denoiser;

const quick: CodeRun<LatentSettings, LatentTraining> = {
  ...common,
  network: {
    family: "latent",
    encoding,
    points,
    simplify,
    strokeOrder,
    diffusionSteps,
    latents: 12,
    latentSize: 16,
    pointWidth: 48,
    latentWidth: 96,
    priorWidth: 144,
    priorBlocks: 6,
    conditionWidth: 192,
  },
  optimisation: {
    autoencoder: { penWeight, latentNoise: 0.5, klWeight: 1e-3, ...optimisation },
    prior: { lossWeighting, timeSampling, classDropout, ...optimisation },
  },
};

/** Ten categories, some twenty minutes of one core. */
const ten: CodeRun<LatentSettings, LatentTraining> = {
  ...quick,
  data: TEN,
  network: { ...quick.network, strokeOrder: "directed" },
  optimisation: {
    autoencoder: { ...quick.optimisation.autoencoder, epochs: 40, batchSize: 64, warmupEpochs: 1 },
    prior: {
      ...quick.optimisation.prior,
      timeSampling: "weighted",
      epochs: 170,
      batchSize: 64,
      warmupEpochs: 1,
    },
  },
  sampling: { steps: 10, guidance: 2, sampler: "dpm", eta: 1 },
};

/** `quick`, minutes; `ten`, ten categories. */
export const presets = { quick, ten };
