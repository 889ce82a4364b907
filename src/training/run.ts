import { stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { at } from "../base/at.ts";
import { checked } from "../base/check.ts";
import { UserError } from "../base/errors.ts";
import { ensureWritableFolder, writeFileAtomically } from "../files/atomic.ts";
import { appendJsonLine, truncateJsonLines } from "../files/jsonl.ts";
import { lockFolder } from "../files/lock.ts";
import { type DeviceOptions, deviceKeys } from "../runtime/devices.ts";
import { nodeRuntime } from "../runtime/node.ts";
import {
  boundOf,
  type Checkpoint,
  dropCheckpoint,
  newestCheckpoint,
  type Place,
  readCheckpoint,
  saveCheckpoint,
} from "./checkpoint.ts";
import { compileGradients } from "./gradient-program.ts";
import {
  DivergenceError,
  initialState,
  type StepReport,
  stepsPerEpoch,
  type TrainingState,
  trainingLoop,
} from "./loop.ts";
import type { Stage } from "./stage.ts";
import { type Deadline, deadlineOf, type TimeLimit } from "./time-limit.ts";

/** A model to be learnt in a folder, stage by stage. */
export interface TrainingRun extends DeviceOptions, TimeLimit {
  /** Where log, checkpoints and the model go; made where missing. */
  readonly folder: string;
  /** Written into the folder as `config.json`. */
  readonly config: object;
  /** At least one. */
  readonly stages: readonly Stage[];
  /** Writes the model: called with the weights of every stage, also while the last one is still getting better. */
  save(weights: readonly Float32Array[]): Promise<void>;
  /** Continue from the newest checkpoint in the folder. */
  readonly resume: boolean;
  /** Aborted: a checkpoint is written, then the abort's reason is thrown. */
  readonly signal?: AbortSignal;
}

// Infinity too.
const minutes = z
  .custom<number>((value) => typeof value === "number" && value >= 0, "expected a number of at least 0")
  .optional();

const runSchema = z.looseObject({
  folder: z.string().min(1),
  config: z.looseObject({}),
  stages: z
    .custom<readonly Stage[]>((value) => Array.isArray(value), "expected a list of stages")
    .refine(({ length }) => length > 0, "expected at least one stage"),
  resume: z.boolean(),
  minutes,
  coreMinutes: minutes,
  ...deviceKeys,
});

/** What a run tells of each stage: first its size, then every step and every checkpoint written. */
export type TrainingEvent =
  | {
      readonly kind: "start";
      readonly stage: string;
      readonly drawings: number;
      readonly parameters: number;
      readonly microBatch: number;
      readonly step: number;
    }
  | {
      readonly kind: "step";
      readonly stage: string;
      readonly report: StepReport;
      /** The averaged weights of this moment, those of the stages before first; the last ones change with the next step. */
      readonly weights: readonly Float32Array[];
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
 * Trains in a folder, stage by stage: `config.json`, one line a step in `log.jsonl`, checkpoints, and in the end the model.
 * A run that was killed and is resumed gives the same weights as one that was not, bit for bit.
 * @throws UserError when another process writes into the folder, when it holds another run, when the loss is no longer
 * finite (naming the last good checkpoint) or when resumed with other drawings or another network.
 */
export async function* trainStages(run: TrainingRun): AsyncGenerator<TrainingEvent> {
  checked(runSchema, run, "trainStages");
  using _lock = await lockFolder(run.folder);
  yield* trainLocked(run);
}

/** The same in a folder that the caller has locked. */
export async function* trainLocked(run: TrainingRun): AsyncGenerator<TrainingEvent> {
  const { folder, stages, resume } = run;
  const existing = await openRunFolder(folder, resume);
  let checkpoint = existing === undefined ? undefined : await readCheckpoint(existing);
  const first = checkpoint?.stage ?? 0;
  if (existing !== undefined && first >= stages.length)
    throw new UserError(
      `${existing}: is of stage ${first + 1}, this model has ${stages.length}; resume it with the command that began it.`,
    );
  const before = [...(checkpoint?.before ?? [])];
  const { now, endsAt } = deadlineOf(run);
  for (let stage = first; stage < stages.length; stage++) {
    const from = now();
    // What time is left is shared by the stages that are left.
    const [own = 1, ...others] = stages.slice(stage).map(({ share = 1 }) => share);
    const all = others.reduce((sum, share) => sum + share, own);
    const deadline = { now, endsAt: from + ((endsAt - from) * own) / all };
    before.push(yield* trainStage(run, { stage, before: [...before] }, checkpoint, deadline));
    checkpoint = undefined;
  }
}

/** Trains one stage, from its checkpoint where it has one; gives its weights. */
async function* trainStage(
  run: TrainingRun,
  place: Place,
  checkpoint: Checkpoint | undefined,
  deadline: Deadline,
): AsyncGenerator<TrainingEvent, Float32Array> {
  const { folder, config, stages, signal } = run;
  const { stage: index, before } = place;
  const { name: stage, optimisation, begin } = at(stages, index);
  const isLast = index === stages.length - 1;
  const checkpoints = checkpointFolder(folder);
  const { device = "cpu", threads = 0 } = run;
  const task = await begin(before, nodeRuntime({ device, threads }));
  if (stepsPerEpoch(task, optimisation.batchSize) === 0) {
    throw new UserError(
      `${task.drawings} training drawings do not fill one batch of ${optimisation.batchSize}; use more drawings or a smaller --batch-size.`,
    );
  }
  const program = await compileGradients(task.lossGraph, optimisation.batchSize, { device, threads });
  const { parameters } = program;
  const bound = boundOf(task);
  const save = (state: TrainingState) => saveCheckpoint(checkpoints, state, parameters, bound, place);
  const keepsBest = optimisation.keep === "best";

  try {
    const state =
      (await checkpoint?.restore(parameters, bound)) ??
      initialState(parameters, optimisation.seed, task.start);
    await writeFileAtomically(configFile(folder), `${JSON.stringify(config, undefined, 2)}\n`);
    if (await exists(logFile(folder)))
      await truncateJsonLines(logFile(folder), (line) => isBefore(line, stages, index, state.step));
    // The stages before are done: from here on it is this one that is resumed.
    if (checkpoint === undefined && index > 0) {
      yield { kind: "checkpoint", path: await save(state) };
      signal?.throwIfAborted();
    }
    const { weights, ema } = state.optimizer;
    yield {
      kind: "start",
      stage,
      drawings: task.drawings,
      parameters: weights.length,
      microBatch: program.microBatch,
      step: state.step,
    };

    try {
      for await (const report of trainingLoop(program, task, optimisation, state, deadline)) {
        await appendJsonLine(logFile(folder), stages.length > 1 ? { stage, ...report } : report);
        if (report.epochEnd?.best && keepsBest) {
          if (isLast) await run.save([...before, ema]);
          else state.best = ema.slice();
        }
        const isDue = report.step % optimisation.checkpointEvery === 0 || report.step === report.steps;
        if (isDue) yield { kind: "checkpoint", path: await save(state) };
        yield { kind: "step", stage, report, weights: [...before, ema] };
        if (signal?.aborted) {
          if (!isDue) yield { kind: "checkpoint", path: await save(state) };
          signal.throwIfAborted();
        }
      }
    } catch (error) {
      if (!(error instanceof DivergenceError)) throw error;
      // Weights that give no finite loss are not worth going on from.
      await dropCheckpoint(checkpoints, index, state.step);
      const good = await newestCheckpoint(checkpoints);
      throw new UserError(
        good === undefined
          ? `${error.message}. There is no good checkpoint yet: begin again.`
          : `${error.message}. The last good checkpoint is ${good}: go on from it with --resume and other settings.`,
      );
    }
    if (isLast && !keepsBest) await run.save([...before, ema]);
    return (keepsBest ? state.best : undefined) ?? ema.slice();
  } finally {
    await program.dispose();
  }
}

const lineSchema = z.looseObject({ step: z.number(), stage: z.string().optional() });

/** Whether a line of the log is of an earlier stage, or of this one and no later than the step. */
function isBefore(line: unknown, stages: readonly Stage[], index: number, step: number): boolean {
  const { success, data } = lineSchema.safeParse(line);
  if (!success) return false;
  const at = data.stage === undefined ? 0 : stages.findIndex(({ name }) => name === data.stage);
  return at < index || (at === index && data.step <= step);
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
