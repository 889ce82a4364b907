import { collect } from "../base/collect.ts";
import { MODEL_FORMAT, type ModelConfig } from "../config/model.ts";
import type { TrainingConfig } from "../config/training.ts";
import { initialize } from "../nn/parameters.ts";
import type { ProgramOptions } from "../runtime/program.ts";
import { networkConfigOf, parametersOf } from "../sampling/model.ts";
import { sample } from "../sampling/sample.ts";
import { figure, median } from "./statistics.ts";

export interface SampleBench {
  readonly bench: "sample";
  readonly drawings: number;
  readonly steps: number;
  readonly guidance: number;
  /** Compiling the network included. */
  readonly msPerDrawing: number;
  /** A single drawing from the call to its strokes. */
  readonly msForOne: number;
}

/** Drawing with an untrained network of the configuration's size: weights make no difference to the speed. */
export async function benchSample(
  config: TrainingConfig,
  drawings: number,
  steps: number,
  guidance: number,
  repeats: number,
  options: Pick<ProgramOptions, "device" | "threads">,
  onProgress: (repeat: number) => void,
): Promise<SampleBench> {
  const modelConfig: ModelConfig = {
    ...config,
    format: MODEL_FORMAT,
    family: "unet1d",
    normalisation: Object.fromEntries(
      config.categories.map((category) => [category, { mean: [0, 0], std: 1 }]),
    ),
  };
  const model = {
    config: modelConfig,
    weights: initialize(parametersOf(networkConfigOf(modelConfig)), config.seed),
  };
  const [category] = config.categories;
  const time = async (count: number) => {
    const started = performance.now();
    await collect(sample(model, { category, count, steps, guidance, ...options }));
    return performance.now() - started;
  };
  const many: number[] = [];
  const one: number[] = [];
  for (let repeat = 1; repeat <= repeats; repeat++) {
    many.push((await time(drawings)) / drawings);
    one.push(await time(1));
    onProgress(repeat);
  }
  return {
    bench: "sample",
    drawings,
    steps,
    guidance,
    msPerDrawing: figure(median(many)),
    msForOne: figure(median(one)),
  };
}
