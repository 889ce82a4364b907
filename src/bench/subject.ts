import { at } from "../base/at.ts";
import { type RandomStream, randomStream, streams } from "../base/random.ts";
import type { AnyRun, Training } from "../families/family.ts";
import { familyOf, type Model, parseModelConfig, type RunConfig } from "../families/registry.ts";
import { initialize } from "../nn/parameters.ts";
import { nodeRuntime } from "../runtime/node.ts";
import type { Sketch } from "../sketch/sketch.ts";
import type { Optimisation } from "../training/optimisation.ts";
import type { Task } from "../training/task.ts";

/** How a run's first stage is trained. */
const firstStage = ({ optimisation }: AnyRun): Optimisation => at(Object.values(optimisation), 0);

/** Points of the drawings: all that a network has room for, where that is what bounds it. */
export const pointsOf = ({ network }: RunConfig): number => ("points" in network ? network.points : 48);

/** A training with made-up drawings, each of all points: the numbers make no difference to the speed. */
function trainingOf(config: RunConfig): Training {
  const { categories } = config.data;
  const { batchSize } = firstStage(config);
  const stream = randomStream(0, streams.synthetic);
  const count = Math.ceil((2 * batchSize) / categories.length);
  const drawings = categories.map((category) => ({
    category,
    sketches: Array.from({ length: count }, () => scribble(pointsOf(config), stream)),
  }));
  return familyOf(config).training(config, drawings);
}

function scribble(points: number, stream: RandomStream): Sketch {
  const coordinates = () => Array.from({ length: points }, () => 256 * stream.uniform());
  return { strokes: [{ x: coordinates(), y: coordinates() }] };
}

/** What a run of the configuration learns in its first stage, and how. */
export async function randomStage(config: RunConfig): Promise<{ task: Task; optimisation: Optimisation }> {
  const { begin, optimisation } = at(trainingOf(config).stages, 0);
  return { task: await begin([], nodeRuntime()), optimisation };
}

/** A network of the configuration's size that has learnt nothing. */
export function untrainedModel(config: RunConfig): Model {
  const model = trainingOf(config).model([new Float32Array()]);
  const { seed } = firstStage(config);
  return {
    config: parseModelConfig(model.config, "the model (config)"),
    weights: initialize(familyOf(model.config).parameters(model.config), seed),
  };
}
