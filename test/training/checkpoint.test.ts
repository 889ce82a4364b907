import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { UserError } from "../../src/base/errors.ts";
import { parametersOf } from "../../src/families/denoiser/network.ts";
import { scheduleOf } from "../../src/families/denoiser/schedule.ts";
import { denoising } from "../../src/families/denoiser/task.ts";
import {
  type Bound,
  dropCheckpoint,
  newestCheckpoint,
  readCheckpoint,
  saveCheckpoint,
} from "../../src/training/checkpoint.ts";
import { initialState, type TrainingState } from "../../src/training/loop.ts";
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from "../../src/weights/safetensors.ts";
import { withMount } from "../files/mount.ts";
import { changed, prepare, sizedOf, type TinyRun, tinyQuick, trainIn } from "./tiny.ts";

const root = mkdtempSync(join(tmpdir(), "cizgi-checkpoint-"));
afterAll(() => rmSync(root, { recursive: true }));

const parameters = parametersOf(sizedOf(tinyQuick));
const { set } = await prepare(tinyQuick);

const stateAt = (step: number): TrainingState => {
  const state = initialState(parameters, 7);
  const { moment1, moment2, ema } = state.optimizer;
  for (const [vector, scale] of [
    [moment1, 1],
    [moment2, 2],
    [ema, 3],
  ] as const)
    for (let i = 0; i < vector.length; i++) vector[i] = Math.sin(i * scale + step);
  return { ...state, step, epochLoss: 1.25 + step, bestLoss: step === 0 ? Infinity : 0.5 };
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, "run-"));
});
const boundOf = (config: TinyRun): Bound => {
  const { optimisation, data, network } = config;
  const { alphaBars } = scheduleOf(network);
  const { bound } = denoising(sizedOf(config), optimisation.denoiser, data.categories, set, alphaBars);
  return { bound, fingerprint: "marks" };
};
const save = (step: number) => saveCheckpoint(folder, stateAt(step), parameters, boundOf(tinyQuick));
const load = async (path: string, config = tinyQuick, bound = boundOf(config)) =>
  (await readCheckpoint(path)).restore(parameters, bound);

describe("a checkpoint", () => {
  test("gives back the whole state, bit for bit", async () => {
    for (const step of [0, 17]) expect(await load(await save(step))).toEqual(stateAt(step));
  });

  test("the same state gives the same bytes", async () => {
    const first = readFileSync(await save(3));
    expect(readFileSync(await save(3)).equals(first)).toBe(true);
  });

  test("is kept with the one before it, whatever else is in the folder", async () => {
    writeFileSync(join(folder, "notes.txt"), "mine");
    for (const step of [5, 10, 15, 20]) await save(step);
    expect(readdirSync(folder).sort()).toEqual([
      "checkpoint-00000015.safetensors",
      "checkpoint-00000020.safetensors",
      "notes.txt",
    ]);
    expect(await newestCheckpoint(folder)).toBe(join(folder, "checkpoint-00000020.safetensors"));
    await dropCheckpoint(folder, 0, 20);
    expect(await newestCheckpoint(folder)).toBe(join(folder, "checkpoint-00000015.safetensors"));
  });

  test("none in a folder without any, and none where there is no folder", async () => {
    expect(await newestCheckpoint(folder)).toBeUndefined();
    expect(await newestCheckpoint(join(folder, "nowhere"))).toBeUndefined();
  });
});

/** A checkpoint whose tensors and metadata went through `change`. */
async function damaged(
  change: (tensors: Map<string, StoredTensor>, metadata: Record<string, string>) => void,
): Promise<string> {
  const path = await save(3);
  const { tensors, metadata } = decodeSafetensors(readFileSync(path), path);
  const copy = { ...metadata };
  change(tensors, copy);
  writeFileSync(path, encodeSafetensors(tensors, copy));
  return path;
}

test("a checkpoint from when settings were called otherwise is gone on with, and its settings still count", async () => {
  const path = await damaged((_, metadata) => {
    metadata.config = metadata.config.replace("prefixConditioning", "beginnings");
    expect(metadata.config).toContain('"beginnings":0');
  });
  expect(await load(path)).toEqual(stateAt(3));
  await expect(load(path, changed(tinyQuick, { prefixConditioning: 0.5 }))).rejects.toThrow(
    "was trained with prefixConditioning 0, now it is 0.5; resume with 0",
  );
});

describe("of a later stage, a checkpoint", () => {
  const before = [Float32Array.of(1, -2, 3), Float32Array.of(0.5)];
  const saveThird = (step: number) =>
    saveCheckpoint(folder, stateAt(step), parameters, boundOf(tinyQuick), { stage: 2, before });

  test("gives back its stage, the weights of those before it and the state", async () => {
    const best = Float32Array.from({ length: 4 }, Math.sqrt);
    const state = { ...stateAt(17), best };
    const place = { stage: 2, before };
    const path = await saveCheckpoint(folder, state, parameters, boundOf(tinyQuick), place);
    const { restore, ...found } = await readCheckpoint(path);
    expect(found).toEqual(place);
    expect(await restore(parameters, boundOf(tinyQuick))).toEqual(state);
  });

  test("is newer than those of stages before it, whatever their steps, and takes their place", async () => {
    await save(900);
    await save(1000);
    const begun = await saveThird(0);
    expect(await newestCheckpoint(folder)).toBe(begun);
    expect(readdirSync(folder).sort()).toEqual([
      "checkpoint-00001000.safetensors",
      "checkpoint-stage3-00000000.safetensors",
    ]);
    await saveThird(5);
    await dropCheckpoint(folder, 0, 5);
    expect(readdirSync(folder).sort()).toEqual([
      "checkpoint-stage3-00000000.safetensors",
      "checkpoint-stage3-00000005.safetensors",
    ]);
  });

  test("without the weights of a stage before it is refused, naming which", async () => {
    const path = await saveThird(3);
    const { tensors, metadata } = decodeSafetensors(readFileSync(path), path);
    tensors.delete("before.1");
    writeFileSync(path, encodeSafetensors(tensors, metadata));
    await expect(readCheckpoint(path)).rejects.toThrow(
      `${path}: the weights of stage 2 are missing; remove it to go on from the checkpoint before it.`,
    );
  });
});

describe("bad input", () => {
  /** The error that loading gives: one that a person can act on, naming the file. */
  async function refusal(path: string, config?: TinyRun): Promise<string> {
    const error: unknown = await load(path, config).then(
      () => "loaded",
      (reason) => reason,
    );
    expect(error).toBeInstanceOf(UserError);
    const { message } = error as UserError;
    expect(message).toContain(path);
    return message;
  }

  test("cut short, at any length", async () => {
    const path = await save(3);
    const whole = readFileSync(path);
    for (const length of [0, 7, 8, 100, Math.floor(whole.length / 2), whole.length - 1]) {
      writeFileSync(path, whole.subarray(0, length));
      expect(await refusal(path)).toMatch(/not a usable safetensors file: .*; remove it to go on/s);
    }
  });

  test("a header that is said to have 2^60 bytes", async () => {
    const path = await save(3);
    const bytes = readFileSync(path);
    bytes.writeBigUInt64LE(2n ** 60n);
    writeFileSync(path, bytes);
    expect(await refusal(path)).toContain("its header is said to have 1152921504606846976 bytes");
  });

  test("offsets outside the file", async () => {
    const path = await save(3);
    const bytes = readFileSync(path);
    const length = Number(bytes.readBigUInt64LE());
    const header = JSON.parse(bytes.toString("utf8", 8, 8 + length));
    const [name] = Object.keys(header).filter((key) => key !== "__metadata__");
    const [begin, end] = header[name].data_offsets;
    header[name].data_offsets = [begin + 2 ** 40, end + 2 ** 40];
    const json = Buffer.from(JSON.stringify(header));
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(BigInt(json.length));
    writeFileSync(path, Buffer.concat([size, json, bytes.subarray(8 + length)]));
    expect(await refusal(path)).toContain("not a usable safetensors file");
  });

  test("tensors of other shapes, and tensors that are missing", async () => {
    const reshaped = await damaged((tensors) => {
      const tensor = tensors.get("moment1.input_proj.bias");
      if (tensor?.dtype !== "F32") throw new Error("no such tensor");
      tensors.set("moment1.input_proj.bias", { ...tensor, shape: [2, 4] });
    });
    expect(await refusal(reshaped)).toContain(
      'tensor "moment1.input_proj.bias" has shape [2, 4], the network needs [8]',
    );
    const missing = await damaged((tensors) => tensors.delete("ema.class_emb.weight"));
    expect(await refusal(missing)).toContain('tensor "ema.class_emb.weight" [3, 16] is missing');
  });

  test("a newer format, and no format at all", async () => {
    const newer = await damaged((_, metadata) => {
      metadata.format = "2";
    });
    expect(await refusal(newer)).toContain("checkpoint format 2, this version of cizgi reads up to 1");
    const none = await damaged((_, metadata) => {
      delete metadata.format;
    });
    expect(await refusal(none)).toContain("check that the file is a training checkpoint");
  });

  test("a safetensors file that is something else", async () => {
    const path = join(folder, "checkpoint-00000009.safetensors");
    writeFileSync(path, encodeSafetensors([], { format: "pt" }));
    expect(await refusal(path)).toContain("checkpoint format pt");
  });

  test("an unknown key in its state: the nearest is named", async () => {
    const state = await damaged((_, metadata) => {
      metadata.state = JSON.stringify({ step: 3, epochLos: 1 });
    });
    expect(await refusal(state)).toContain('unknown key "epochLos". Did you mean "epochLoss"?');
    const broken = await damaged((_, metadata) => {
      metadata.state = "{";
    });
    expect(await refusal(broken)).toContain("its metadata is not that of a checkpoint");
  });

  test("other training drawings, other settings", async () => {
    const path = await save(3);
    const others = load(path, tinyQuick, { ...boundOf(tinyQuick), fingerprint: "other" });
    await expect(others).rejects.toThrow("was made with other training drawings (marks, now other)");
    expect(await refusal(path, changed(tinyQuick, { batchSize: 16 }))).toContain(
      "was trained with batchSize 8, now it is 16; resume with 8",
    );
    expect(await refusal(path, changed(tinyQuick, { prediction: "noise" }))).toContain(
      'was trained with prediction "v"',
    );
    expect(await refusal(path, changed(tinyQuick, { strokeOrder: "drawn" }))).toContain(
      'was trained with strokeOrder "size", now it is "drawn"',
    );
    // What training may go on with.
    const gentler = changed(tinyQuick, {
      learningRate: 1e-4,
      epochs: 100,
      drawEvery: 1,
      data: "elsewhere",
    });
    expect((await load(path, gentler)).step).toBe(3);
  });

  test("a checkpoint that is a folder, or cannot be found", async () => {
    const path = join(folder, "checkpoint-00000001.safetensors");
    expect(await refusal(path)).toContain(`cannot read ${path}: there is no such file`);
    mkdirSync(path);
    expect(await refusal(path)).toContain("it is a folder");
  });
});

test("a disk that is full while a checkpoint is written leaves the one before it, to be resumed from", async () => {
  const prepared = await prepare(tinyQuick);
  const size = statSync(await save(3)).size;
  const run = mkdtempSync(join(root, "disk-"));
  const resumed = join(root, "resumed");
  // Room for the run's first checkpoint and its log, not for a second checkpoint beside it.
  const room = `size=${Math.ceil((1.5 * size) / 1024)}k`;
  const mounted = await withMount(run, room, "disk full while a checkpoint is written", async () => {
    const failing = trainIn(run, prepared);
    await expect(failing).rejects.toThrow(UserError);
    await expect(failing).rejects.toThrow("the disk is full; free some space");
    expect(readdirSync(join(run, "checkpoints"))).toEqual(["checkpoint-00000005.safetensors"]);
    cpSync(run, resumed, { recursive: true });
  });
  if (!mounted) return;
  const rest = await trainIn(resumed, prepared, { resume: true });
  expect(rest[0].step).toBe(6);
  const whole = join(root, "whole");
  await trainIn(whole, prepared);
  const last = (of: string) => readFileSync(join(of, "checkpoints/checkpoint-00000024.safetensors"));
  expect(last(resumed).equals(last(whole))).toBe(true);
});
