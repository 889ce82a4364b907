import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { checked } from "../base/check.ts";
import { messageOf, UserError } from "../base/errors.ts";
import { parseJson } from "../base/json.ts";
import { writeFileAtomically } from "../files/atomic.ts";
import { fileFailure } from "../files/failure.ts";
import type { Parameter } from "../nn/parameters.ts";
import { shared } from "../runtime/threads.ts";
import { decodeSafetensors, encodeSafetensors, type Safetensors } from "../weights/safetensors.ts";
import { joinTensors, splitTensors } from "../weights/tensors.ts";
import type { TrainingState } from "./loop.ts";
import type { OptimizerState } from "./optimizer.ts";
import type { Task } from "./task.ts";

/** The newest layout of a checkpoint that this version reads. */
const CHECKPOINT_FORMAT = 1;
const VECTORS = ["weights", "moment1", "moment2", "ema"] as const satisfies (keyof OptimizerState)[];
/** The newest checkpoint and the one before it, should the newest be damaged. */
const KEPT = 2;

/** What of a task decides whether a checkpoint is one of its own. */
type Bound = Pick<Task, "bound" | "fingerprint">;

const boundSchema = z.looseObject({});

const stateSchema = z.strictObject({
  step: z.int().min(0),
  epochLoss: z.number(),
  bestLoss: z.number().optional(),
});

const fileName = (step: number) => `checkpoint-${String(step).padStart(8, "0")}.safetensors`;
const stepOf = (name: string): number | undefined => {
  const digits = /^checkpoint-(\d+)\.safetensors$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
};

/**
 * Writes the whole state of training as one file in `folder`, keeps the one before it and removes older ones.
 * @param task what was trained: its settings and drawings are kept to compare with
 * @returns the file's path
 */
export async function saveCheckpoint(
  folder: string,
  state: TrainingState,
  parameters: readonly Parameter[],
  { bound, fingerprint }: Bound,
): Promise<string> {
  const tensors = VECTORS.flatMap((vector) =>
    splitTensors(parameters, state.optimizer[vector], { prefix: `${vector}.` }),
  );
  const { step, epochLoss, bestLoss } = state;
  const path = join(folder, fileName(step));
  const metadata = {
    format: String(CHECKPOINT_FORMAT),
    config: JSON.stringify(bound),
    drawings: fingerprint,
    // JSON has no Infinity: a missing bestLoss stands for it.
    state: JSON.stringify({ step, epochLoss, ...(Number.isFinite(bestLoss) && { bestLoss }) }),
  };
  await writeFileAtomically(path, encodeSafetensors(tensors, metadata));
  const older = (await checkpointSteps(folder)).filter((other) => other < step).slice(KEPT - 1);
  for (const other of older) await rm(join(folder, fileName(other)), { force: true });
  return path;
}

/** Steps of the checkpoints in `folder`, newest first. */
async function checkpointSteps(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch(() => []);
  return names.flatMap((name) => stepOf(name) ?? []).sort((a, b) => b - a);
}

/** The path of the newest checkpoint in `folder`, undefined when there is none. */
export async function newestCheckpoint(folder: string): Promise<string | undefined> {
  const [step] = await checkpointSteps(folder);
  return step === undefined ? undefined : join(folder, fileName(step));
}

/** Removes the checkpoint of a step, if there is one. */
export const dropCheckpoint = (folder: string, step: number): Promise<void> =>
  rm(join(folder, fileName(step)), { force: true });

/**
 * Reads a checkpoint back, to go on with a task.
 * @throws UserError naming the file for damaged files, newer formats, tensors that are not the network's and a training
 * set or settings that it cannot go on with.
 */
export async function loadCheckpoint(
  path: string,
  parameters: readonly Parameter[],
  { bound, fingerprint }: Bound,
): Promise<TrainingState> {
  const { tensors, metadata } = await readTensors(path);
  const format = Number(metadata.format);
  if (!(format <= CHECKPOINT_FORMAT)) {
    throw new UserError(
      `${path}: checkpoint format ${metadata.format ?? "is missing"}, this version of cizgi reads up to ${CHECKPOINT_FORMAT}; update cizgi, or check that the file is a training checkpoint.`,
    );
  }
  const trained = checked(boundSchema, readMetadata(metadata.config, path), `${path} (config)`);
  for (const key of Object.keys(bound)) {
    const [before, now] = [trained, bound].map((settings) => JSON.stringify(settings[key]) ?? "nothing");
    if (before !== now) {
      throw new UserError(
        `${path}: was trained with ${key} ${before}, now it is ${now}; resume with ${before}, or train anew in another folder.`,
      );
    }
  }
  const others = Object.keys(trained).filter((key) => !(key in bound));
  if (others.length > 0)
    throw new UserError(
      `${path}: is of another kind of training, with ${others.join(", ")}; resume it with the command that began it.`,
    );
  if (metadata.drawings !== fingerprint) {
    throw new UserError(
      `${path}: was made with other training drawings (${metadata.drawings}, now ${fingerprint}); resume with the same --data and categories, and the same --from where it was begun with one.`,
    );
  }
  const {
    step,
    epochLoss,
    bestLoss = Infinity,
  } = checked(stateSchema, readMetadata(metadata.state, path), `${path} (state)`);
  const vector = (name: string) => shared(joinTensors(tensors, `${name}.`, parameters, path));
  const optimizer = {
    weights: vector("weights"),
    moment1: vector("moment1"),
    moment2: vector("moment2"),
    ema: vector("ema"),
  };
  return { optimizer, step, epochLoss, bestLoss };
}

async function readTensors(path: string): Promise<Safetensors> {
  try {
    return decodeSafetensors(await readFile(path), path);
  } catch (error) {
    if (!(error instanceof UserError)) throw fileFailure("read", path, error);
    throw new UserError(`${error.message}; remove it to go on from the checkpoint before it.`);
  }
}

function readMetadata(text: string | undefined, path: string): unknown {
  try {
    return parseJson(text ?? "");
  } catch (error) {
    throw new UserError(`${path}: its metadata is not that of a checkpoint (${messageOf(error)}).`);
  }
}
