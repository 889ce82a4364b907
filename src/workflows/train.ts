import { UserError } from "../base/errors.ts";
import type { AnyModel, CategoryDrawings, Distillation, Training } from "../families/family.ts";
import { familyOf, parseRunConfig, type RunConfig } from "../families/registry.ts";
import { saveModel } from "../node/model.ts";
import type { DeviceOptions } from "../runtime/devices.ts";
import { modelFolder, type TrainingEvent, type TrainingRun, trainStages } from "../training/run.ts";
import type { TimeLimit } from "../training/time-limit.ts";
import { type Reporter, silent } from "./reporter.ts";
import { GIVEN } from "./source.ts";
import { openTrainingData, readTrainingData } from "./training-data.ts";

/** A model to be trained. */
export interface TrainOptions extends DeviceOptions, TimeLimit {
  readonly config: RunConfig;
  /** Where log, checkpoints and the model go; made where missing. */
  readonly folder: string;
  /** Drawings to learn from; those that the configuration names unless given. */
  readonly drawings?: readonly CategoryDrawings[];
  /** A trained model whose weights the training begins with. */
  readonly from?: AnyModel;
  /** Go on from the newest checkpoint in the folder. */
  readonly resume?: boolean;
  /** Aborted: a checkpoint is written, then the abort's reason is thrown. */
  readonly signal?: AbortSignal;
}

/**
 * Trains a model: yields its size, then every step and every checkpoint; in the end `loadModel(folder)` reads it. A run that
 * was killed and is resumed gives the same weights as one that was not, bit for bit.
 * @throws UserError when the folder holds another run or is written to by another process, when the loss is no longer finite,
 * and for drawings or a model to begin with that do not fit.
 */
export async function* train(
  options: TrainOptions,
  reporter: Reporter = silent,
): AsyncGenerator<TrainingEvent> {
  const config = parseRunConfig(options.config, "train");
  const opened =
    options.drawings === undefined ? await openTrainingData(config, reporter, options.signal) : undefined;
  const resolved = opened?.config ?? named(config, options.drawings ?? []);
  familyOf(resolved).requireStart(resolved, options.from);
  const split = opened && (await readTrainingData(opened.source, resolved, reporter, options.signal));
  const drawings =
    split?.map(({ category, train: sketches }) => ({ category, sketches })) ?? options.drawings ?? [];
  const training = familyOf(resolved).training(resolved, drawings, options.from);
  yield* trainStages(runOf(resolved, training, options));
}

/** The drawings' categories are those of the run. */
const named = (config: RunConfig, drawings: readonly CategoryDrawings[]): RunConfig =>
  parseRunConfig(
    {
      ...config,
      data: { ...config.data, source: GIVEN, categories: drawings.map(({ category }) => category) },
    },
    "train",
  );

/** A training in its folder, which it leaves a model in. */
export function runOf(
  config: RunConfig,
  { stages, model }: Training,
  {
    folder,
    resume = false,
    minutes,
    coreMinutes,
    signal,
    device,
    threads,
  }: Omit<TrainOptions, "config" | "drawings" | "from">,
): TrainingRun {
  return {
    folder,
    config,
    stages,
    resume,
    save: (weights) => saveModel(modelFolder(folder), model(weights)),
    ...(minutes !== undefined && { minutes }),
    ...(coreMinutes !== undefined && { coreMinutes }),
    ...(signal && { signal }),
    ...(device && { device }),
    ...(threads !== undefined && { threads }),
  };
}

/** The training of a student; throws a UserError where the teacher's family cannot be distilled. */
export function distillationOf(
  config: RunConfig,
  drawings: readonly CategoryDrawings[],
  teacher: AnyModel,
  wanted: Distillation,
): Training {
  const { distillation, name } = familyOf(teacher.config);
  if (distillation === undefined) throw new UserError(`models of the family ${name} cannot be distilled.`);
  return distillation(config, drawings, teacher, wanted);
}
