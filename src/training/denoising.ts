import { createHash } from "node:crypto";
import { UserError } from "../base/errors.ts";
import { listed } from "../base/listed.ts";
import { MODEL_FORMAT, type ModelConfig } from "../config/model.ts";
import { parseTrainingConfig, type TrainingConfig } from "../config/training.ts";
import { diffusionLoss } from "../diffusion/loss.ts";
import { cosineSchedule } from "../diffusion/schedule.ts";
import { input } from "../graph/tensor.ts";
import {
  buildConditions,
  buildDenoiser,
  channelsOf,
  conditionName,
  type NetworkConfig,
} from "../models/network.ts";
import { trainingOrder } from "../models/unet1d.ts";
import { saveModel } from "../node/model.ts";
import type { Normalisation } from "../sketch/normalisation.ts";
import { type BatchOptions, makeBatch } from "./batches.ts";
import type { LossGraph, Task } from "./task.ts";
import { timeSampler } from "./time-sampler.ts";
import type { TrainingSet } from "./training-set.ts";

/** Settings that weights belong to, beside the categories. */
export const NETWORK_KEYS = [
  "encoding",
  "points",
  "baseChannels",
  "attentionHeads",
  "normGroups",
  "pen",
  "prediction",
  "diffusionSteps",
  "beginnings",
] as const satisfies (keyof TrainingConfig & keyof ModelConfig)[];

/**
 * Settings that the state of training belongs to, beside the categories: with others, its weights or batches would mean
 * something else.
 */
export const BOUND_KEYS = [
  ...NETWORK_KEYS,
  // Drawings whose beginning is known are put in order as they are given to the network.
  "strokeOrder",
  "batchSize",
  "seed",
] as const satisfies (keyof TrainingConfig)[];

/** To draw: a network learns to tell the noise, or the velocity, of noisy drawings. */
export function denoising(
  config: TrainingConfig,
  set: TrainingSet,
  normalisation: Readonly<Record<string, Normalisation>>,
): Task {
  parseTrainingConfig(config, "denoising");
  const options = batchOptionsOf(config);
  const network = { ...config, classes: config.categories.length };
  const modelConfig = modelConfigOf(config, normalisation);
  return {
    drawings: set.labels.length,
    fingerprint: fingerprintOf(set),
    bound: Object.fromEntries((["categories", ...BOUND_KEYS] as const).map((key) => [key, config[key]])),
    lossGraph: (...sizes) => denoisingLoss(network, config.penWeight, ...sizes),
    makeBatch: (members, step) => makeBatch(set, members, step, options),
    save: (folder, weights) => saveModel(folder, { config: modelConfig, weights }),
  };
}

/** How a configuration wants its batches. */
export function batchOptionsOf(config: TrainingConfig): BatchOptions {
  const { alphaBars } = cosineSchedule(config.diffusionSteps);
  return {
    ...config,
    alphaBars,
    timeSampler: timeSampler({ ...config, alphaBars }),
    noClass: config.categories.length,
  };
}

/** The diffusion network and its losses for batches as `makeBatch` gives them. */
export function denoisingLoss(
  config: NetworkConfig,
  penWeight: number,
  microBatch: number,
  batch: number,
): LossGraph {
  const first = buildConditions(config, batch);
  const denoiser = buildDenoiser(config, microBatch, trainingOrder(config));
  const targets = {
    target: input("target", [microBatch, config.points, channelsOf(config)]),
    weights: input("weights", [microBatch]),
    pens: input("pens", [microBatch, config.points]),
    known: denoiser.inputs.known,
  };
  return {
    parameters: [...first.parameters, ...denoiser.parameters],
    losses: { ...diffusionLoss(denoiser.output, targets, penWeight) },
    ahead: Object.fromEntries(
      Object.entries(first.output).map(([place, condition]) => [conditionName(place), condition]),
    ),
  };
}

/** What is needed to draw with a network of this training; throws a UserError for a category without normalisation. */
export const modelConfigOf = (
  config: TrainingConfig,
  normalisation: Readonly<Record<string, Normalisation>>,
): ModelConfig => ({
  format: MODEL_FORMAT,
  family: "unet1d",
  categories: config.categories,
  encoding: config.encoding,
  points: config.points,
  strokeOrder: config.strokeOrder,
  simplify: config.simplify,
  baseChannels: config.baseChannels,
  attentionHeads: config.attentionHeads,
  normGroups: config.normGroups,
  pen: config.pen,
  prediction: config.prediction,
  normalisation: Object.fromEntries(
    config.categories.map((category) => {
      if (!Object.hasOwn(normalisation, category))
        throw new UserError(
          `normalisation: expected one for each category, "${category}" has none, only ${listed(Object.keys(normalisation)) || "nothing"}.`,
        );
      const { mean, std } = normalisation[category];
      return [category, { mean: [...mean], std }];
    }),
  ),
  diffusionSteps: config.diffusionSteps,
  beginnings: config.beginnings,
  samplingSteps: config.samplingSteps,
  guidance: config.guidance,
  sampler: config.sampler,
  eta: config.eta,
});

/** Tells whether two training sets are the same. */
export function fingerprintOf({ values, pens, labels }: TrainingSet): string {
  const hash = createHash("sha256");
  for (const array of [values, pens, labels]) hash.update(array);
  return hash.digest("hex").slice(0, 16);
}
