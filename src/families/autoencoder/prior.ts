import { weightedSquares } from "../../diffusion/loss.ts";
import { sub } from "../../graph/ops/elementwise.ts";
import type { LossGraph, Task } from "../../training/task.ts";
import { noisyBatch } from "../denoiser/batches.ts";
import type { RowSettings, SizedNetwork } from "../denoiser/network.ts";
import { trainingGraph } from "../denoiser/task.ts";
import { timeSampler } from "../denoiser/time-sampler.ts";
import type { PriorTraining } from "./settings.ts";

/** Normalised codes, [count, points, channels], and what they are codes of. */
export interface CodeSet {
  readonly codes: Float32Array;
  /** Index of each one's category. */
  readonly labels: Uint16Array;
}

/** To make codes: a network learns to tell the velocity of noisy ones, given the category. */
export function priorTask<S extends RowSettings>(
  sized: SizedNetwork<S>,
  alphaBars: Float64Array,
  training: PriorTraining,
  { codes, labels }: CodeSet,
): Pick<Task, "drawings" | "lossGraph" | "makeBatch"> {
  const { points, channels, classes, prediction } = sized.sizes;
  const size = points * channels;
  const options = {
    ...training,
    alphaBars,
    prediction,
    noClass: classes,
    dropoutPer: "drawing" as const,
    timeSampler: timeSampler({ ...training, prediction, alphaBars }),
  };
  const pens = new Float32Array(points);
  const examples = {
    points,
    channels,
    labels,
    exampleOf: (member: number) => ({
      x0: codes.subarray(member * size, (member + 1) * size),
      pens,
      known: 0,
    }),
  };
  return {
    drawings: labels.length,
    lossGraph: (...counts) => priorLoss(sized, ...counts),
    makeBatch: (members, step) => noisyBatch(examples, members, step, options),
  };
}

function priorLoss<S extends RowSettings>(
  sized: SizedNetwork<S>,
  microBatch: number,
  batch: number,
): LossGraph {
  const { output, targets, parameters, ahead } = trainingGraph(sized, microBatch, batch);
  const loss = weightedSquares(sub(output.prediction, targets.target), targets.weights);
  return { parameters, losses: { loss }, ahead };
}
