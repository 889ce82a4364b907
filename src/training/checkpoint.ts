import { createHash } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { checked } from "../base/check.ts";
import { messageOf, UserError } from "../base/errors.ts";
import { parseJson } from "../base/json.ts";
import { renamed } from "../base/renamed.ts";
import { writeFileAtomically } from "../files/atomic.ts";
import { fileFailure } from "../files/failure.ts";
import type { Parameter } from "../nn/parameters.ts";
import { shared } from "../runtime/threads.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type Safetensors,
  type StoredTensor,
  toFloat32,
} from "../weights/safetensors.ts";
import { joinTensors, splitTensors } from "../weights/tensors.ts";
import type { TrainingState } from "./loop.ts";
import type { OptimizerState } from "./optimizer.ts";
import type { Task } from "./task.ts";

/** The newest layout of a checkpoint that this version reads. */
const CHECKPOINT_FORMAT = 1;
const VECTORS = ["weights", "moment1", "moment2", "ema"] as const satisfies (keyof OptimizerState)[];
/** The newest checkpoint and the one before it, should the newest be damaged. */
const KEPT = 2;

/** What decides whether a checkpoint is one of a task's own. */
export interface Bound {
  readonly bound: Task["bound"];
  /** Of its drawings. */
  readonly fingerprint: string;
}

export const boundOf = ({ bound, content }: Pick<Task, "bound" | "content">): Bound => ({
  bound,
  fingerprint: fingerprintOf(content),
});

/** Where in a run's stages a checkpoint was written. */
export interface Place {
  /** Index of the stage. */
  readonly stage: number;
  /** The weights of the stages before it. */
  readonly before: readonly Float32Array[];
}

const boundSchema = z.looseObject({});
/** What checkpoints of distillations once said beside, and says nothing of its own. */
const GONE = ["format", "family", "normalisation", "samplingSteps"];
const stateSchema = z.strictObject({
  step: z.int().min(0),
  epochLoss: z.number(),
  bestLoss: z.number().optional(),
});

/** In the order of their names, checkpoints of the first stage come first. */
const fileName = (stage: number, step: number): string =>
  `checkpoint-${stage === 0 ? "" : `stage${stage + 1}-`}${String(step).padStart(8, "0")}.safetensors`;

interface Found {
  readonly stage: number;
  readonly step: number;
}

function placeOf(name: string): Found | undefined {
  const [, stage = "1", step] = /^checkpoint-(?:stage(\d+)-)?(\d+)\.safetensors$/.exec(name) ?? [];
  return step === undefined ? undefined : { stage: Number(stage) - 1, step: Number(step) };
}

/** Tells whether two sets of training drawings are the same. */
function fingerprintOf(content: Iterable<ArrayBufferView>): string {
  const hash = createHash("sha256");
  for (const { buffer, byteOffset, byteLength } of content)
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest("hex").slice(0, 16);
}

/**
 * Writes the whole state of training as one file in `folder`, keeps the one before it and removes older ones.
 * @param bound what is trained: kept to compare with
 * @returns the file's path
 */
export async function saveCheckpoint(
  folder: string,
  state: TrainingState,
  parameters: readonly Parameter[],
  { bound, fingerprint }: Bound,
  { stage, before }: Place = { stage: 0, before: [] },
): Promise<string> {
  const tensors = VECTORS.flatMap((vector) =>
    splitTensors(parameters, state.optimizer[vector], { prefix: `${vector}.` }),
  );
  const { step, epochLoss, bestLoss, best } = state;
  const flat = (data: Float32Array): StoredTensor => ({ dtype: "F32", shape: [data.length], data });
  const kept = before.map((weights, i) => [beforeName(i), flat(weights)] as const);
  const path = join(folder, fileName(stage, step));
  const metadata = {
    format: String(CHECKPOINT_FORMAT),
    config: JSON.stringify(bound),
    drawings: fingerprint,
    // JSON has no Infinity: a missing bestLoss stands for it.
    state: JSON.stringify({ step, epochLoss, ...(Number.isFinite(bestLoss) && { bestLoss }) }),
  };
  const all = [...tensors, ...kept, ...(best ? [[BEST, flat(best)] as const] : [])];
  await writeFileAtomically(path, encodeSafetensors(all, metadata));
  const older = (await checkpointsIn(folder))
    .filter((other) => other.stage < stage || (other.stage === stage && other.step < step))
    .slice(KEPT - 1);
  for (const other of older) await rm(join(folder, fileName(other.stage, other.step)), { force: true });
  return path;
}

const beforeName = (stage: number): string => `before.${stage}`;
const BEST = "best";

/** The checkpoints in `folder`, newest first. */
async function checkpointsIn(folder: string): Promise<Found[]> {
  const names = await readdir(folder).catch(() => []);
  return names.flatMap((name) => placeOf(name) ?? []).sort((a, b) => b.stage - a.stage || b.step - a.step);
}

/** The path of the newest checkpoint in `folder`, undefined when there is none. */
export async function newestCheckpoint(folder: string): Promise<string | undefined> {
  const [newest] = await checkpointsIn(folder);
  return newest && join(folder, fileName(newest.stage, newest.step));
}

/** Removes the checkpoint of a step, if there is one. */
export const dropCheckpoint = (folder: string, stage: number, step: number): Promise<void> =>
  rm(join(folder, fileName(stage, step)), { force: true });

/** A checkpoint that was read, and where in the run it belongs. */
export interface Checkpoint extends Place {
  /**
   * The state to go on from with a task.
   * @throws UserError naming the file for tensors that are not the network's and a training set or settings that it cannot
   * go on with.
   */
  restore(parameters: readonly Parameter[], bound: Bound): Promise<TrainingState>;
}

/**
 * Reads a checkpoint.
 * @throws UserError naming the file where it is damaged or of a newer format.
 */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const { tensors, metadata } = await readTensors(path);
  const format = Number(metadata.format);
  if (!(format <= CHECKPOINT_FORMAT)) {
    throw new UserError(
      `${path}: checkpoint format ${metadata.format ?? "is missing"}, this version of cizgi reads up to ${CHECKPOINT_FORMAT}; update cizgi, or check that the file is a training checkpoint.`,
    );
  }
  const { stage = 0 } = placeOf(path.split(/[\\/]/).at(-1) ?? "") ?? {};
  const before = Array.from({ length: stage }, (_, i) => {
    const tensor = tensors.get(beforeName(i));
    if (tensor === undefined)
      throw new UserError(
        `${path}: the weights of stage ${i + 1} are missing; remove it to go on from the checkpoint before it.`,
      );
    return toFloat32(tensor).slice();
  });
  return {
    stage,
    before,
    async restore(parameters, bound) {
      // Read again, so that the file's bytes are not kept while a stage is trained.
      const file = await readTensors(path);
      checkBelongs(path, file.metadata, bound);
      return stateOf(path, file.tensors, file.metadata, parameters);
    },
  };
}

function stateOf(
  path: string,
  tensors: Safetensors["tensors"],
  metadata: Safetensors["metadata"],
  parameters: readonly Parameter[],
): TrainingState {
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
  const best = tensors.get(BEST);
  return { optimizer, step, epochLoss, bestLoss, ...(best && { best: toFloat32(best).slice() }) };
}

function checkBelongs(path: string, metadata: Safetensors["metadata"], { bound, fingerprint }: Bound): void {
  const stored = checked(boundSchema, readMetadata(metadata.config, path), `${path} (config)`);
  const trained = renamed(Object.fromEntries(Object.entries(stored).filter(([key]) => !GONE.includes(key))));
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
