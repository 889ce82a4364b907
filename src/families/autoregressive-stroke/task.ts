import type { Task } from "../../training/task.ts";
import { scheduleOf } from "../denoiser/schedule.ts";
import { timeSampler } from "../denoiser/time-sampler.ts";
import { makeBatch } from "./batches.ts";
import { strokeLoss } from "./loss.ts";
import type { StrokeSizes } from "./network.ts";
import type { StrokeTraining } from "./settings.ts";
import { contentOf, type StrokeSet } from "./training-set.ts";

/** To draw the next stroke: the networks learn to tell the noise, or the velocity, of every stroke from those before it. */
export function strokeTask(
  sizes: StrokeSizes,
  training: StrokeTraining,
  categories: readonly string[],
  set: StrokeSet,
): Task {
  const { family: _, classes, ...network } = sizes;
  const { prediction } = network;
  const { batchSize, seed, targets } = training;
  const { alphaBars } = scheduleOf(network);
  const options = {
    ...network,
    ...training,
    alphaBars,
    noClass: classes,
    timeSampler: timeSampler({ ...training, prediction, alphaBars }),
  };
  return {
    drawings: set.drawings.length,
    content: contentOf(set),
    bound: { categories, ...network, batchSize, targets, seed },
    lossGraph: (microBatch) => strokeLoss(sizes, targets, microBatch),
    makeBatch: (members, step) => makeBatch(set, members, step, options),
  };
}
