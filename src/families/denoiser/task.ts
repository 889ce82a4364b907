import { UsageError } from "../../base/errors.ts";
import { diffusionLoss } from "../../diffusion/loss.ts";
import { input, type Tensor } from "../../graph/tensor.ts";
import type { LossGraph, Task } from "../../training/task.ts";
import { type BatchOptions, makeBatch } from "./batches.ts";
import {
  buildConditions,
  buildDenoiser,
  conditionName,
  type RowSettings,
  type SizedNetwork,
} from "./network.ts";
import type { DenoiserSettings, DenoiserTraining } from "./settings.ts";
import { timeSampler } from "./time-sampler.ts";
import { contentOf, type TrainingSet } from "./training-set.ts";

/** What is learnt with: the state of training belongs to these settings, with others it would mean something else. */
const boundSettings = (
  { sizes }: SizedNetwork<DenoiserSettings>,
  { batchSize, seed }: DenoiserTraining,
  categories: readonly string[],
): Task["bound"] => {
  // How drawings are written is seen in what is learnt from.
  const { family: _, simplify: __, corners: ___, classes: ____, channels: _____, ...network } = sizes;
  return { categories, ...network, batchSize, seed };
};

/** @throws UsageError for a network that is told the guidance: that is taught by a teacher. */
export function requireUnconditioned({ maxGuidance }: Pick<DenoiserSettings, "maxGuidance">): void {
  if (maxGuidance !== undefined)
    throw new UsageError(
      `maxGuidance ${maxGuidance}: guidance is distilled from a teacher ("cizgi distil"); leave it out to train.`,
    );
}

/** To draw: a network learns to tell the noise, or the velocity, of noisy drawings. */
export function denoising<S extends DenoiserSettings>(
  network: SizedNetwork<S>,
  training: DenoiserTraining,
  categories: readonly string[],
  set: TrainingSet,
  alphaBars: Float64Array,
): Task {
  const { sizes } = network;
  requireUnconditioned(sizes);
  const options = batchOptionsOf(sizes, training, alphaBars);
  return {
    drawings: set.labels.length,
    content: contentOf(set),
    bound: boundSettings(network, training, categories),
    lossGraph: (...counts) => denoisingLoss(network, training.penWeight, ...counts),
    makeBatch: (members, step) => makeBatch(set, members, step, options),
  };
}

/** How a training wants its batches. */
export function batchOptionsOf(
  sizes: DenoiserSettings & { readonly classes: number },
  training: DenoiserTraining,
  alphaBars: Float64Array,
): BatchOptions {
  const { prediction } = sizes;
  return {
    ...sizes,
    ...training,
    alphaBars,
    timeSampler: timeSampler({ ...training, prediction, alphaBars }),
    noClass: sizes.classes,
  };
}

/** The network and its losses for batches as `makeBatch` gives them. */
export function denoisingLoss<S extends DenoiserSettings>(
  sized: SizedNetwork<S>,
  penWeight: number,
  microBatch: number,
  batch: number,
): LossGraph {
  const { points } = sized.sizes;
  const { inputs, output, targets, ...graph } = trainingGraph(sized, microBatch, batch);
  const pens = input("pens", [microBatch, points]);
  return {
    ...graph,
    losses: { ...diffusionLoss(output, { ...targets, pens, known: inputs.known }, penWeight) },
  };
}

/** A network as it is trained: conditions of a batch ahead, predictions of a micro-batch, and what these are compared with. */
export function trainingGraph<S extends RowSettings>(
  { network, sizes }: SizedNetwork<S>,
  microBatch: number,
  batch: number,
  code?: Tensor,
) {
  const first = buildConditions({ network, sizes }, batch);
  const order = network.trainingOrder?.(sizes);
  const { inputs, output, parameters } = buildDenoiser({ network, sizes }, microBatch, order, code);
  return {
    inputs,
    output,
    targets: {
      target: input("target", [microBatch, sizes.points, sizes.channels]),
      weights: input("weights", [microBatch]),
    },
    parameters: [...first.parameters, ...parameters],
    ahead: Object.fromEntries(
      Object.entries(first.output).map(([place, condition]) => [conditionName(place), condition]),
    ),
  };
}
