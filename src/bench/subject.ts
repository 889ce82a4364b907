import { randomStream, streams } from "../base/random.ts";
import type { TrainingConfig } from "../config/training.ts";
import { initialize } from "../nn/parameters.ts";
import { type Model, networkConfigOf, parametersOf } from "../sampling/model.ts";
import type { Normalisation } from "../sketch/normalisation.ts";
import { denoising, modelConfigOf } from "../training/denoising.ts";
import type { Task } from "../training/task.ts";

/** A task with made-up drawings: the numbers make no difference to the speed. */
export function randomTask(config: TrainingConfig): Task {
  const { points, batchSize, categories } = config;
  const count = 2 * batchSize;
  const stream = randomStream(0, streams.synthetic);
  const set = {
    points,
    values: Float32Array.from({ length: count * points * 2 }, () => stream.normal()),
    pens: Float32Array.from({ length: count * points }, () => Number(stream.uniform() < 0.1)),
    labels: Uint16Array.from({ length: count }, (_, i) => i % categories.length),
  };
  return denoising(config, set, plain(config));
}

const plain = ({ categories }: TrainingConfig): Readonly<Record<string, Normalisation>> =>
  Object.fromEntries(categories.map((category) => [category, { mean: [0, 0], std: 1 }]));

/** A network of the configuration's size that has learnt nothing. */
export function untrainedModel(config: TrainingConfig): Model {
  const modelConfig = modelConfigOf(config, plain(config));
  return {
    config: modelConfig,
    weights: initialize(parametersOf(networkConfigOf(modelConfig)), config.seed),
  };
}
