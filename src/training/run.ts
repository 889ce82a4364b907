import { stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { checked } from "../base/check.ts";
import { UserError } from "../base/errors.ts";
import { type OptimisationConfig, optimisationKeys } from "../config/optimisation.ts";
import { ensureWritableFolder, writeFileAtomically } from "../files/atomic.ts";
import { appendJsonLine, truncateJsonLines } from "../files/jsonl.ts";
import { lockFolder } from "../files/lock.ts";
import { type DeviceOptions, deviceKeys } from "../runtime/devices.ts";
import { dropCheckpoint, loadCheckpoint, newestCheckpoint, saveCheckpoint } from "./checkpoint.ts";
import { compileGradients } from "./gradient-program.ts";
import {
  DivergenceError,
  initialState,
  type StepReport,
  stepsPerEpoch,
  type TrainingState,
  trainingLoop,
} from "./loop.ts";
import type { Task } from "./task.ts";

/** A task to be learnt in a folder. */
export interface TrainingRun extends DeviceOptions {
  /** Where log, checkpoints and the model go; made where missing. */
  readonly folder: string;
  /** Written into the folder as it is, with whatever keys there are beside those of every training. */
  readonly config: OptimisationConfig;
  readonly task: Task;
  /** Continue from the newest checkpoint in the folder. */
  readonly resume: boolean;
  /** Train about so long at most, with fewer epochs where they do not fit; such a run is not reproducible. */
  readonly minutes?: number;
  /** Aborted: a checkpoint is written, then the abort's reason is thrown. */
  readonly signal?: AbortSignal;
}

/** With whatever keys beside: a configuration has those of what is learnt. */
const runSchema = z.looseObject({
  folder: z.string().min(1),
  config: z.looseObject(optimisationKeys),
  task: z.custom<Task>((value) => typeof value === "object" && value !== null, "expected a task"),
  resume: z.boolean(),
  // Infinity too.
  minutes: z
    .custom<number>(
      (minutes) => typeof minutes === "number" && minutes >= 0,
      "expected a number of at least 0",
    )
    .optional(),
  ...deviceKeys,
});

/** What a run tells: once its size, then every step and every checkpoint written. */
export type TrainingEvent =
  | {
      readonly kind: "start";
      readonly parameters: number;
      readonly microBatch: number;
      readonly step: number;
    }
  | {
      readonly kind: "step";
      readonly report: StepReport;
      /** The averaged weights of this moment; they change with the next step. */
      readonly average: Float32Array;
    }
  | { readonly kind: "checkpoint"; readonly path: string };

const checkpointFolder = (run: string): string => join(run, "checkpoints");
export const modelFolder = (run: string): string => join(run, "model");
export const logFile = (run: string): string => join(run, "log.jsonl");
export const configFile = (run: string): string => join(run, "config.json");

/** The checkpoint that a run is resumed from; undefined where there is none yet. */
export const checkpointOf = (run: string): Promise<string | undefined> =>
  newestCheckpoint(checkpointFolder(run));

/**
 * Makes a run's folder where missing.
 * @returns the checkpoint to go on from, if there is one.
 * @throws UserError when the folder cannot be written to or holds a run that is not to be resumed.
 */
export async function openRunFolder(folder: string, resume: boolean): Promise<string | undefined> {
  await ensureWritableFolder(checkpointFolder(folder));
  const newest = await checkpointOf(folder);
  if (newest !== undefined && !resume) {
    throw new UserError(
      `${folder} already holds a training run; continue it with --resume or choose another --out.`,
    );
  }
  return newest;
}

/**
 * Trains in a folder: `config.json`, one line a step in `log.jsonl`, checkpoints, and in the end `model/`.
 * A run that was killed and is resumed gives the same weights as one that was not, bit for bit.
 * @throws UserError when another process writes into the folder, when it holds another run, when the loss is no longer
 * finite (naming the last good checkpoint) or when resumed with other drawings or another network.
 */
export async function* train(run: TrainingRun): AsyncGenerator<TrainingEvent> {
  checked(runSchema, run, "train");
  using _lock = await lockFolder(run.folder);
  yield* trainLocked(run);
}

/** The same in a folder that the caller has locked. */
export async function* trainLocked(run: TrainingRun): AsyncGenerator<TrainingEvent> {
  const { folder, config, task, resume, signal } = run;
  const checkpoints = checkpointFolder(folder);
  const existing = await openRunFolder(folder, resume);
  if (stepsPerEpoch(task, config.batchSize) === 0) {
    throw new UserError(
      `${task.drawings} training drawings do not fill one batch of ${config.batchSize}; use more drawings or a smaller --batch-size.`,
    );
  }

  const program = await compileGradients(task.lossGraph, config.batchSize, {
    device: run.device ?? "cpu",
    threads: run.threads ?? 0,
  });
  const save = (state: TrainingState) => saveCheckpoint(checkpoints, state, program.parameters, task);

  try {
    const state =
      existing === undefined
        ? initialState(program.parameters, config.seed, task.start)
        : await loadCheckpoint(existing, program.parameters, task);
    await writeFileAtomically(configFile(folder), `${JSON.stringify(config, undefined, 2)}\n`);
    if (await exists(logFile(folder)))
      await truncateJsonLines(logFile(folder), (line) => stepOf(line) <= state.step);
    const { weights, ema } = state.optimizer;
    yield { kind: "start", parameters: weights.length, microBatch: program.microBatch, step: state.step };

    try {
      const endsAt = performance.now() + (run.minutes ?? Infinity) * 60_000;
      for await (const report of trainingLoop(program, task, config, state, endsAt)) {
        await appendJsonLine(logFile(folder), report);
        if (report.epochEnd?.best && config.keep === "best") await task.save(modelFolder(folder), ema);
        if (report.step % config.checkpointEvery === 0 || report.step === report.steps)
          yield { kind: "checkpoint", path: await save(state) };
        yield { kind: "step", report, average: ema };
        if (signal?.aborted) {
          yield { kind: "checkpoint", path: await save(state) };
          signal.throwIfAborted();
        }
      }
    } catch (error) {
      if (!(error instanceof DivergenceError)) throw error;
      // Weights that give no finite loss are not worth going on from.
      await dropCheckpoint(checkpoints, state.step);
      const good = await newestCheckpoint(checkpoints);
      throw new UserError(
        good === undefined
          ? `${error.message}. There is no good checkpoint yet: begin again.`
          : `${error.message}. The last good checkpoint is ${good}: go on from it with --resume and other settings.`,
      );
    }
    if (config.keep === "last") await task.save(modelFolder(folder), ema);
  } finally {
    await program.dispose();
  }
}

const stepOf = (line: unknown): number =>
  typeof line === "object" && line !== null && "step" in line ? Number(line.step) : Infinity;

export const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
