import type { TrainingConfig } from "../config/training.ts";
import type { ProgramOptions } from "../runtime/program.ts";
import { stepsPerEpoch } from "./batches.ts";
import { compileGradients } from "./gradient-program.ts";
import { initialState, trainingLoop } from "./loop.ts";
import type { TrainingSet } from "./training-set.ts";

/** Steps timed after one that is not: the first run of a program sets up its memory. */
const TIMED_STEPS = 12;

/**
 * The configuration with as many epochs as fit into `seconds` on this machine, at least one and at most its own; found
 * by timing a few steps that leave nothing behind.
 */
export async function fitEpochs(
  config: TrainingConfig,
  set: TrainingSet,
  seconds: number,
  options: Pick<ProgramOptions, "device" | "threads">,
): Promise<TrainingConfig> {
  const network = { ...config, classes: config.categories.length };
  const program = await compileGradients(network, config.batchSize, config.penWeight, options);
  let started = 0;
  try {
    const state = initialState(program.parameters, config.seed);
    for await (const { step } of trainingLoop(program, set, config, state)) {
      if (step === 1) started = performance.now();
      if (step === 1 + TIMED_STEPS) break;
    }
  } finally {
    await program.dispose();
  }
  const perStep = (performance.now() - started) / 1000 / TIMED_STEPS;
  const epochs = Math.floor(seconds / (perStep * stepsPerEpoch(set, config.batchSize)));
  return { ...config, epochs: Math.min(Math.max(epochs, 1), config.epochs) };
}
