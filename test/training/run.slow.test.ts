import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { UserError } from "../../src/base/errors.ts";
import { unet1d } from "../../src/families/unet1d/family.ts";
import { readJsonLines } from "../../src/files/jsonl.ts";
import { loadModel } from "../../src/node/model.ts";
import { nodeRuntime } from "../../src/runtime/node.ts";
import type { StepReport } from "../../src/training/loop.ts";
import { decodeSafetensors } from "../../src/weights/safetensors.ts";
import { joinTensors } from "../../src/weights/tensors.ts";
import { runOf } from "../../src/workflows/train.ts";
import { changed, type Prepared, prepare, tinyBaseline, tinyQuick, trainIn, trainTask } from "./tiny.ts";

const folder = mkdtempSync(join(tmpdir(), "cizgi-run-"));
afterAll(() => rmSync(folder, { recursive: true }));
const place = (name: string) => join(folder, name);

/** A hash of every file that tells what a run learnt: checkpoints and model. */
function files(run: string): Record<string, string> {
  const names = ["checkpoints", "model"].flatMap((part) =>
    readdirSync(join(run, part)).map((name) => join(part, name)),
  );
  return Object.fromEntries(names.sort().map((name) => [name, hashOf(join(run, name))]));
}

const hashOf = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");

/** The log but for what depends on the clock. */
const log = async (run: string) =>
  ((await readJsonLines(join(run, "log.jsonl"))) as StepReport[]).map(({ dataShare: _, ...line }) => line);

describe.each([
  ["quick", tinyQuick],
  ["baseline", tinyBaseline],
])("preset %s in small", (name, config) => {
  const whole = place(`${name}-whole`);
  let prepared: Prepared;
  let reports: StepReport[];
  beforeAll(async () => {
    prepared = await prepare(config);
    reports = await trainIn(whole, prepared);
  });

  test("takes every step, writes a line for each and keeps the two newest checkpoints", async () => {
    expect(reports.map(({ step }) => step)).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
    expect(await log(whole)).toEqual(reports.map(({ dataShare: _, ...line }) => line));
    expect(Object.keys(files(whole)).filter((file) => file.startsWith("checkpoints"))).toEqual([
      "checkpoints/checkpoint-00000020.safetensors",
      "checkpoints/checkpoint-00000024.safetensors",
    ]);
    expect(JSON.parse(readFileSync(join(whole, "config.json"), "utf8"))).toEqual(config);
    const ends = reports.flatMap(({ step, epochEnd }) => (epochEnd ? [step] : []));
    expect(ends).toEqual([6, 12, 18, 24]);
  });

  test("interrupted anywhere and resumed, it ends with the same bits", async () => {
    const run = place(`${name}-stopped`);
    const done: number[] = [];
    for (const stopAfter of [1, 10, undefined]) {
      const resume = stopAfter !== 1;
      const steps = await trainIn(run, prepared, { resume, ...(stopAfter && { stopAfter }) });
      done.push(...steps.map(({ step }) => step));
    }
    // Ctrl-C loses no step at all.
    expect(done).toEqual(reports.map(({ step }) => step));
    const [ours, theirs] = [files(run), files(whole)];
    // An interruption leaves a checkpoint of its own between the two newest ones.
    expect(ours["checkpoints/checkpoint-00000024.safetensors"]).toEqual(
      theirs["checkpoints/checkpoint-00000024.safetensors"],
    );
    expect(ours["model/model.safetensors"]).toEqual(theirs["model/model.safetensors"]);
    expect(await log(run)).toEqual(await log(whole));
  });

  test("a finished run, resumed, does nothing and keeps everything", async () => {
    const before = files(whole);
    expect(await trainIn(whole, prepared, { resume: true })).toEqual([]);
    expect(files(whole)).toEqual(before);
  });

  test("a second run in the same folder is refused with what to do", async () => {
    await expect(trainIn(whole, prepared)).rejects.toThrow(
      `${whole} already holds a training run; continue it with --resume or choose another --out.`,
    );
  });

  test("the same seed gives the same run, another seed another", async () => {
    const run = place(`${name}-again`);
    await trainIn(run, prepared, { stopAfter: 3 });
    expect(await log(run)).toEqual((await log(whole)).slice(0, 3));
    const other = place(`${name}-other`);
    await trainIn(other, { ...prepared, config: changed(config, { seed: 43 }) }, { stopAfter: 1 });
    expect((await log(other))[0].losses.loss).not.toBe(reports[0].losses.loss);
  });
});

test("training lowers the loss", async () => {
  const config = changed(tinyBaseline, { epochs: 20, learningRate: 5e-3 });
  const reports = await trainIn(place("longer"), await prepare(config));
  const losses = reports.flatMap(({ epochEnd }) => epochEnd?.loss ?? []);
  expect(Math.min(...losses.slice(-3))).toBeLessThan(0.75 * losses[0]);
});

test("the baseline's kept model is the average at the end of its best epoch", async () => {
  const prepared = await prepare(tinyBaseline);
  const whole = place("baseline-whole");
  const reports = (await log(whole)).filter(({ epochEnd }) => epochEnd?.best);
  const best = reports[reports.length - 1].step;
  const run = place("baseline-best");
  await trainIn(run, prepared, { stopAfter: best });
  const path = join(run, "checkpoints", `checkpoint-${String(best).padStart(8, "0")}.safetensors`);
  const { tensors } = decodeSafetensors(readFileSync(path), path);
  const { config, weights } = await loadModel(whole);
  expect(joinTensors(tensors, "ema.", unet1d.parameters(config), path)).toEqual(weights);
});

describe("a loss that is no longer finite", () => {
  let prepared: Prepared;
  const steep = changed(tinyQuick, { learningRate: 1e30, warmupEpochs: 0, checkpointEvery: 1 });
  beforeAll(async () => {
    prepared = await prepare(tinyQuick);
  });

  test("stops the run with an error; with no good checkpoint it says so", async () => {
    const run = place("steep");
    const failing = trainIn(run, { ...prepared, config: steep });
    await expect(failing).rejects.toThrow(UserError);
    await expect(failing).rejects.toThrow(/step 2: the loss is .*There is no good checkpoint yet/);
    // The only checkpoint holds weights that give no finite loss.
    expect(readdirSync(join(run, "checkpoints"))).toEqual([]);
  });

  test("names the last good checkpoint, from which gentler settings go on", async () => {
    const run = place("steep-later");
    await trainIn(run, prepared, { stopAfter: 3 });
    const good = join(run, "checkpoints/checkpoint-00000003.safetensors");
    const failing = trainIn(run, { ...prepared, config: steep }, { resume: true });
    await expect(failing).rejects.toThrow(`The last good checkpoint is ${good}: go on from it with --resume`);
    expect(existsSync(good)).toBe(true);
    const rest = await trainIn(run, prepared, { resume: true });
    expect(rest[0].step).toBe(4);
    expect(rest.every(({ losses }) => Number.isFinite(losses.loss))).toBe(true);
    // What was tried in between has left no trace.
    expect(await log(run)).toEqual(await log(place("quick-whole")));
  });
});

test("too few drawings for one batch are refused with what to do", async () => {
  const prepared = await prepare(tinyQuick);
  const config = changed(tinyQuick, { batchSize: 64 });
  await expect(trainIn(place("few"), { ...prepared, config })).rejects.toThrow(
    "50 training drawings do not fill one batch of 64; use more drawings or a smaller --batch-size.",
  );
});

test("a folder that cannot be made is refused, naming it", async () => {
  writeFileSync(place("file"), "in the way");
  const prepared = await prepare(tinyQuick);
  await expect(trainIn(join(place("file"), "run"), prepared)).rejects.toThrow(
    `cannot write into the folder ${join(place("file"), "run")}`,
  );
});

test("in no time a run makes one epoch, and in a day all of them", async () => {
  const prepared = await prepare(tinyQuick);
  const short = await trainIn(place("no-time"), prepared, { minutes: 0 });
  const { epochEnd, epoch, step, steps } = short.at(-1) ?? {};
  expect({ epoch, isLast: step === steps, ended: epochEnd !== undefined }).toEqual({
    epoch: 0,
    isLast: true,
    ended: true,
  });
  expect(existsSync(join(place("no-time"), "model", "model.safetensors"))).toBe(true);
  const long = await trainIn(place("a-day"), prepared, { minutes: 1440 });
  expect(long.at(-1)?.epoch).toBe(tinyQuick.optimisation.denoiser.epochs - 1);
});

test.each(["minutes", "coreMinutes"] as const)(
  "a run that is resumed at the end of an epoch plans with the pace of its steps: %s",
  async (limit) => {
    const { config, drawings } = await prepare(tinyQuick);
    const folder = place(`paced-${limit}`);
    const run = runOf(config, unet1d.training(config, drawings), { folder });
    await trainTask(folder, run, { stopAfter: 5 });
    // By this clock every batch takes a minute to make.
    let minutes = 0;
    const clock =
      limit === "minutes"
        ? vi.spyOn(performance, "now").mockImplementation(() => minutes * 60_000)
        : vi.spyOn(process, "cpuUsage").mockImplementation(() => ({ user: minutes * 60e6, system: 0 }));
    const [stage] = run.stages;
    const task = await stage.begin([], nodeRuntime());
    const makeBatch = (members: Uint32Array, step: number) => {
      minutes++;
      return task.makeBatch(members, step);
    };
    const paced = { ...run, stages: [{ ...stage, begin: () => ({ ...task, makeBatch }) }] };
    const [first] = await trainTask(folder, paced, { resume: true, [limit]: 20, stopAfter: 6 });
    clock.mockRestore();
    // Two batches were made until the step was done: 18 minutes are left for epochs of 6 steps of 2 minutes each.
    expect(first).toMatchObject({ step: 6, steps: 12 });
  },
);
