import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, describe, expect, test, vi } from "vitest";
import { collect } from "../../src/base/collect.ts";
import { randomStream } from "../../src/base/random.ts";
import { readJsonLines } from "../../src/files/jsonl.ts";
import { readCheckpoint } from "../../src/training/checkpoint.ts";
import { checkpointOf, type TrainingEvent, trainStages } from "../../src/training/run.ts";
import { modelFile, NAMES, STEPS, twoStages } from "./two-stages.ts";

const folder = mkdtempSync(join(tmpdir(), "cizgi-stages-"));
afterAll(() => rmSync(folder, { recursive: true }));
const place = (name: string) => join(folder, name);

/** So many milliseconds after a step at most. */
const MOST_WAIT = 12;
/** Kills of a run; CIZGI_KILLS=20 for more. */
const KILLS = Number(process.env.CIZGI_KILLS ?? 6);
/** Between checkpoints. */
const EVERY = 7;

/** Goes on with a run in a process of its own that ends by SIGKILL soon after so many steps; gives where it began. */
async function trainAndKill(run: string, keep: string, steps: number, wait: number): Promise<number> {
  const args = [run, keep, steps, wait].map(String);
  const child = spawn(process.execPath, ["--import", "tsx", "test/training/stages-child.ts", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.on("close", (code, signal) => resolve(signal ?? code)));
  const begun = await text(child.stdout);
  expect(await ended).toBe("SIGKILL");
  return Number(begun);
}

/** The log but for what depends on the clock. */
const log = async (run: string) =>
  ((await readJsonLines(join(run, "log.jsonl"))) as { stage: string; step: number; dataShare: number }[]).map(
    ({ dataShare: _, ...line }) => line,
  );

/** What a run has learnt: both stages' weights, and the newest checkpoint. */
const learnt = (run: string) => ({
  weights: readFileSync(modelFile(run)),
  checkpoint: readFileSync(
    join(run, "checkpoints", `checkpoint-stage2-${String(STEPS).padStart(8, "0")}.safetensors`),
  ),
});

const everyStep = NAMES.flatMap((stage) => Array.from({ length: STEPS }, (_, i) => ({ stage, step: i + 1 })));

describe.each(["best", "last"] as const)("two stages, the first of which keeps its %s weights", (keep) => {
  const whole = place(`${keep}-whole`);
  let events: TrainingEvent[];

  test("are trained one after the other, each step once, and the second builds on the first", async () => {
    events = await collect(trainStages(twoStages(whole, keep)));
    expect((await log(whole)).map(({ stage, step }) => ({ stage, step }))).toEqual(everyStep);
    const started = events.flatMap((event) => (event.kind === "start" ? [event] : []));
    expect(
      started.map(({ stage, step, drawings, parameters }) => [stage, step, drawings, parameters]),
    ).toEqual([
      ["there", 0, 24, 12],
      ["back", 0, 24, 12],
    ]);
    // The stages before an event's own have the weights that the model has.
    const { weights } = learnt(whole);
    const [there, back] = [0, 1].map(
      (stage) => new Float32Array(weights.buffer, weights.byteOffset + 48 * stage, 12),
    );
    const last = events.findLast((event) => event.kind === "step");
    expect(last).toMatchObject({ stage: "back", weights: [there, back] });
    const newest = await readCheckpoint((await checkpointOf(whole)) ?? "");
    expect({ stage: newest.stage, before: newest.before }).toEqual({ stage: 1, before: [there] });
    // Two maps that undo each other: the product of their matrices is nearly the unit matrix, but for the noise.
    const product = [0, 1, 2].map((i) =>
      [0, 1, 2].map((j) => [0, 1, 2].reduce((sum, k) => sum + back[3 * i + k] * there[3 * k + j], 0)),
    );
    for (const [i, row] of product.entries())
      for (const [j, value] of row.entries()) expect(Math.abs(value - Number(i === j))).toBeLessThan(0.2);
  });

  test(
    `killed ${KILLS} times at random moments and resumed each time, end with the bits of stages that were left alone`,
    async () => {
      const run = place(`${keep}-killed`);
      const random = randomStream(20, KILLS);
      // As many in the first stage as in the second.
      const moments = Array.from(
        { length: KILLS },
        (_, i) => 1 + STEPS * (i % 2) + Math.floor(random.uniform() * STEPS),
      );
      let reached = 0;
      for (const moment of moments.sort((a, b) => a - b)) {
        const begun = await trainAndKill(run, keep, moment, random.uniform() * MOST_WAIT);
        // At most the steps since the last checkpoint are done again; a few more may have been done than were waited for.
        expect(begun).toBeGreaterThan(reached - EVERY);
        reached = moment;
      }
      await collect(trainStages(twoStages(run, keep)));
      expect(learnt(run)).toEqual(learnt(whole));
      expect(await log(run)).toEqual(await log(whole));
    },
    60_000 + KILLS * 20_000,
  );

  test("stopped at the end of the first stage, go on with the second", async () => {
    const run = place(`${keep}-stopped`);
    const stop = new AbortController();
    const training = async () => {
      for await (const event of trainStages({ ...twoStages(run, keep), signal: stop.signal }))
        if (event.kind === "step" && event.report.step === STEPS) stop.abort(new Error("enough"));
    };
    await expect(training()).rejects.toThrow("enough");
    expect(await log(run)).toHaveLength(STEPS);
    await collect(trainStages(twoStages(run, keep)));
    expect(learnt(run)).toEqual(learnt(whole));
    expect(await log(run)).toEqual(await log(whole));
  });

  test("a finished run, resumed, does nothing and keeps everything", async () => {
    const before = learnt(whole);
    const again = await collect(trainStages(twoStages(whole, keep)));
    expect(again.filter(({ kind }) => kind === "step")).toEqual([]);
    expect(learnt(whole)).toEqual(before);
    expect((await log(whole)).map(({ stage, step }) => ({ stage, step }))).toEqual(everyStep);
  });
});

test("the best weights of the first stage are others than its last, and so is what is built on them", () => {
  const [last, best] = [learnt(place("last-whole")), learnt(place("best-whole"))].map(
    ({ weights }) => weights,
  );
  for (const stage of [0, 1])
    expect(best.subarray(48 * stage, 48 * (stage + 1))).not.toEqual(
      last.subarray(48 * stage, 48 * (stage + 1)),
    );
});

test("checkpoints of the first stage are gone once the second has two", () => {
  for (const keep of ["last", "best"])
    expect(readdirSync(join(place(`${keep}-whole`), "checkpoints"))).toEqual([
      `checkpoint-stage2-${String(STEPS - (STEPS % EVERY)).padStart(8, "0")}.safetensors`,
      `checkpoint-stage2-${String(STEPS).padStart(8, "0")}.safetensors`,
    ]);
});

test("a run of more stages than the model has is refused with what to do", async () => {
  const whole = place("last-whole");
  const run = twoStages(whole, "last");
  await expect(collect(trainStages({ ...run, stages: run.stages.slice(0, 1) }))).rejects.toThrow(
    "is of stage 2, this model has 1; resume it with the command that began it.",
  );
});

test("the stages share out the time of a run as they ask", async () => {
  const run = twoStages(place("shared-out"), "last");
  // By this clock every batch takes a minute to make.
  let minutes = 0;
  const clock = vi.spyOn(process, "cpuUsage").mockImplementation(() => ({ user: minutes * 60e6, system: 0 }));
  const stages = run.stages.map((stage, i) => ({
    ...stage,
    share: [3, 1][i] ?? 0,
    async begin(...before: Parameters<typeof stage.begin>) {
      const task = await stage.begin(...before);
      return {
        ...task,
        makeBatch(members: Uint32Array, step: number) {
          minutes++;
          return task.makeBatch(members, step);
        },
      };
    },
  }));
  await collect(trainStages({ ...run, stages, coreMinutes: 96 }));
  clock.mockRestore();
  const steps = (await log(place("shared-out"))).map(({ stage }) => stage);
  // 72 and 24 minutes, in epochs of six.
  expect(NAMES.map((name) => steps.filter((stage) => stage === name).length)).toEqual([72, 24]);
});
