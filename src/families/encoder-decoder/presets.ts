import type { CodeRun } from "../autoencoder/family.ts";
import { quick as common } from "../denoiser/presets.ts";
import { TEN } from "../preset-data.ts";
import type { EncoderDecoderSettings, EncoderDecoderTraining } from "./settings.ts";

const { encoding, points, simplify, strokeOrder, diffusionSteps } = common.network;
const {
  augment: _,
  penWeight: __,
  dropoutPer: ___,
  lossWeighting,
  timeSampling,
  classDropout,
  ...optimisation
} = common.optimisation.denoiser;
const prior = { lossWeighting, timeSampling, classDropout, ...optimisation };

type Run = CodeRun<EncoderDecoderSettings, EncoderDecoderTraining>;

const quick: Run = {
  ...common,
  network: {
    family: "encoder-decoder",
    encoding,
    points,
    simplify,
    strokeOrder,
    diffusionSteps,
    codeWidth: 64,
    encoderWidth: 64,
    encoderHeads: 8,
    width: 96,
    blocks: 8,
    cycle: 4,
    conditionWidth: 160,
    priorWidth: 128,
    priorBlocks: 4,
  },
  optimisation: {
    autoencoder: { ...prior, codeDropout: 0.1, codeNoise: 0.3 },
    prior: { ...prior, epochs: 144 },
  },
};

/** Ten categories, some twenty minutes of one core. */
const ten: Run = {
  ...quick,
  data: TEN,
  network: { ...quick.network, strokeOrder: "directed" },
  optimisation: {
    autoencoder: {
      ...quick.optimisation.autoencoder,
      timeSampling: "weighted",
      epochs: 90,
      batchSize: 64,
      warmupEpochs: 1,
    },
    prior: {
      ...quick.optimisation.prior,
      timeSampling: "weighted",
      epochs: 300,
      batchSize: 64,
      warmupEpochs: 1,
    },
  },
  sampling: { steps: 10, guidance: 2, sampler: "dpm", eta: 1 },
};

/** `quick`, minutes; `ten`, ten categories. */
export const presets = { quick, ten };
