import { type RandomStream, randomStream, streams } from "../base/random.ts";
import type { Training } from "../families/family.ts";
import { familyOf, type Model, parseModelConfig, type RunConfig } from "../families/registry.ts";
import { initialize } from "../nn/parameters.ts";
import type { Sketch } from "../sketch/sketch.ts";
import type { Task } from "../training/task.ts";

/** A training with made-up drawings, each of all points: the numbers make no difference to the speed. */
function trainingOf(config: RunConfig): Training {
  const { categories } = config.data;
  const { batchSize } = config.optimisation.denoiser;
  const stream = randomStream(0, streams.synthetic);
  const count = Math.ceil((2 * batchSize) / categories.length);
  const drawings = categories.map((category) => ({
    category,
    sketches: Array.from({ length: count }, () => scribble(config.network.points, stream)),
  }));
  return familyOf(config).training(config, drawings);
}

function scribble(points: number, stream: RandomStream): Sketch {
  const coordinates = () => Array.from({ length: points }, () => 256 * stream.uniform());
  return { strokes: [{ x: coordinates(), y: coordinates() }] };
}

/** What a run of the configuration learns in its first stage. */
export const randomTask = async (config: RunConfig): Promise<Task> => trainingOf(config).stages[0].begin([]);

/** A network of the configuration's size that has learnt nothing. */
export function untrainedModel(config: RunConfig): Model {
  const model = trainingOf(config).model([new Float32Array()]);
  const { seed } = config.optimisation.denoiser;
  return {
    config: parseModelConfig(model.config, "the model (config)"),
    weights: initialize(familyOf(model.config).parameters(model.config), seed),
  };
}
