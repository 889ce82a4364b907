import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { classifierCommand } from "../../src/cli/commands/classifier.ts";
import { distilCommand } from "../../src/cli/commands/distil.ts";
import { trainCommand } from "../../src/cli/commands/train.ts";
import { saveModel } from "../../src/node/model.ts";
import { untrained } from "../families/tiny-model.ts";
import { small } from "../training/tiny.ts";
import { cizgi, start } from "./cizgi.ts";
import { runHere } from "./in-process.ts";
import { inOldLayout } from "./old-layout.ts";

const root = mkdtempSync(join(tmpdir(), "cizgi-resume-"));
afterAll(() => rmSync(root, { recursive: true }));
const place = (...names: string[]) => join(root, ...names);
const json = (...names: string[]) => JSON.parse(readFileSync(place(...names), "utf8"));
const modelOf = (run: string) => readFileSync(place(run, "model", "model.safetensors"));

const few = ["--data", "synthetic", "--limit", "40", "--batch-size", "8", "--draws", "5"];
const ways = ["--epochs", "12", "--substeps", "4", "--max-guidance", "3", "--sampling-steps", "2"];
const distil = (...args: string[]) => ["distil", ...few, ...ways, ...args];
const teacher = untrained({ network: { points: 48 } });
const other = { ...teacher, weights: teacher.weights.map((weight) => 2 * weight) };

/** Runs the command until it has done some steps, then ends it with a signal. */
async function stopped(args: readonly string[], run: string, signal: NodeJS.Signals) {
  const { child, finished } = start(root, args);
  const log = place(run, "log.jsonl");
  while (!existsSync(log) || readFileSync(log, "utf8").split("\n").length < 4) {
    if (child.exitCode !== null) break;
    await setTimeout(5);
  }
  child.kill(signal);
  return finished;
}

/** Writes a run's configuration as an older cizgi did. */
const age = (run: string) =>
  writeFileSync(place(run, "config.json"), JSON.stringify(inOldLayout(json(run, "config.json"))));
/** What is said of such a configuration when its run goes on. */
const aged = (run: string) =>
  `${join(run, "config.json")} is of an older cizgi; it will be written anew, by sections.\n`;

/** What `--resume --dry-run` says of a run: its settings, or an error. */
const resumed = async (command: "distil" | "train" | "classifier", run: string, ...args: string[]) => {
  const commands = { distil: distilCommand, train: trainCommand, classifier: classifierCommand };
  const first = command === "classifier" ? ["train"] : [];
  const { stdout } = await runHere(commands[command](), [
    ...first,
    ...["--resume", "--out", place(run), "--dry-run", ...args],
  ]);
  return JSON.parse(stdout);
};

beforeAll(async () => {
  await saveModel(place("teachers", "first"), teacher);
  await saveModel(place("teachers", "other"), other);
});

describe("a distillation that was interrupted", () => {
  beforeAll(async () => {
    const whole = cizgi(root, distil("--teacher", "teachers/first", "--out", "whole", "--quiet"));
    const half = await stopped(distil("--teacher", "teachers/first", "--out", "half"), "half", "SIGHUP");
    expect(half).toMatchObject({ code: 129 });
    expect(half.stderr).toMatch(
      /^Saved half\/checkpoints\/.*; go on with: npx cizgi distil --resume --out half$/m,
    );
    cpSync(place("half"), place("elsewhere", "half"), { recursive: true });
    expect((await whole).code).toBe(0);
  });

  test("by a closed terminal goes on with nothing but --resume, from any folder, to the same bits", async () => {
    mkdirSync(place("deep", "in"), { recursive: true });
    const again = await cizgi(place("deep", "in"), ["distil", "--resume", "--out", "../../half"]);
    expect(again.stderr).toMatch(/from step \d+\./);
    expect(again.code).toBe(0);
    expect(modelOf("half").equals(modelOf("whole"))).toBe(true);
    expect(json("half", "config.json").origin).toEqual({
      command: "distil",
      model: { path: "../teachers/first", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      substeps: 4,
      maxGuidance: 3,
    });
  });

  test("takes the same said again, and refuses anything else by its name", async () => {
    const same = ["--teacher", place("teachers", "first"), "--substeps", "4", "--max-guidance", "3"];
    expect(await resumed("distil", "half", ...same)).toMatchObject({
      optimisation: { denoiser: { epochs: 12 } },
      sampling: { steps: 2 },
    });
    for (const [args, message] of [
      [
        ["--teacher", place("teachers", "other")],
        `--teacher ${place("teachers", "other")}: ${place("half")} was made from another model, ${place("teachers", "first")}; leave --teacher out`,
      ],
      [["--substeps", "2"], `--substeps 2: ${place("half")} was begun with 4; leave it out now`],
      [["--max-guidance", "2"], `--max-guidance 2: ${place("half")} was begun with 3`],
      [
        ["--guidance", "1.5"],
        `${place("half")} was trained with guidance 3, now it is 1.5; resume with 3, or train anew`,
      ],
      [["--sampling-steps", "3"], "was trained with samplingSteps 2, now it is 3"],
    ] as const)
      await expect(resumed("distil", "half", ...args)).rejects.toThrow(message);
  });

  test("finds its teacher where both were moved to, and takes one that was moved alone", async () => {
    await expect(resumed("distil", "elsewhere/half")).rejects.toThrow(
      `${place("elsewhere", "half")} was made from ${place("elsewhere", "teachers", "first")}, which cannot be opened any more`,
    );
    await resumed("distil", "elsewhere/half", "--teacher", place("teachers", "first"));
    cpSync(place("teachers"), place("elsewhere", "teachers"), { recursive: true });
    await resumed("distil", "elsewhere/half");
  });

  test("does not go on with a teacher that has changed since", async () => {
    await saveModel(place("elsewhere", "teachers", "first"), other);
    for (const args of [[], ["--teacher", place("elsewhere", "teachers", "first")]])
      await expect(resumed("distil", "elsewhere/half", ...args)).rejects.toThrow(
        `was made from ${place("elsewhere", "teachers", "first")} as it was before: its weights have changed since. Say with --teacher`,
      );
  });

  test("is not taken for another command's run", async () => {
    await expect(resumed("train", "half")).rejects.toThrow(
      `${place("half")} was begun by "cizgi distil", not by "cizgi train"; go on with: npx cizgi distil --resume --out ${place("half")}`,
    );
    await expect(resumed("classifier", "half")).rejects.toThrow('begun by "cizgi distil"');
  });
});

describe("a run of an older cizgi, which wrote nothing down", () => {
  beforeAll(() => {
    cpSync(place("half"), place("old"), { recursive: true });
    age("old");
  });

  test("says what to give again, and goes on with it", async () => {
    await expect(resumed("distil", "old")).rejects.toThrow(
      `${place("old")} was begun by an older cizgi, which did not write down its teacher; give it again with --teacher, and with it --substeps and --max-guidance where they were given.`,
    );
    const again = ["distil", "--resume", "--out", "old", "--teacher", "teachers/first"];
    const forgotten = await cizgi(root, again);
    expect(forgotten.stderr).toContain("was trained with substeps 4, now it is 2; resume with 4");
    expect(forgotten.stderr.split(aged("old"))).toHaveLength(2);
    const { code } = await cizgi(root, [...again, "--substeps", "4", "--max-guidance", "3", "--quiet"]);
    expect(code).toBe(0);
    expect(modelOf("old").equals(modelOf("whole"))).toBe(true);
  });

  test("is not taken for another command's run either", async () => {
    const { code, stderr } = await cizgi(root, ["train", "--resume", "--out", "old"]);
    expect(stderr).toMatch(/is of another kind of training, with .*substeps.*; resume it with the command/);
    expect(code).toBe(1);
  });
});

describe("a training", () => {
  const settings = { ...small, points: 48, encoding: "position", epochs: 20, checkpointEvery: 1 };
  const train = (...args: string[]) => ["train", "--config", "settings.json", ...args];
  beforeAll(async () => {
    writeFileSync(place("settings.json"), JSON.stringify(settings));
    const { code } = await cizgi(root, train("--from", "teachers/first", "--out", "longer", "--epochs", "2"));
    expect(code).toBe(0);
    cpSync(place("longer"), place("alone"), { recursive: true });
    const alone = { ...json("alone", "config.json"), origin: { command: "train" } };
    writeFileSync(place("alone", "config.json"), JSON.stringify(alone));
  });

  test("knows the model whose weights it began with, and refuses another", async () => {
    expect(await resumed("train", "longer", "--epochs", "3")).toMatchObject({
      optimisation: { denoiser: { epochs: 3 } },
    });
    await resumed("train", "longer", "--from", place("teachers", "first", "model.safetensors"));
    await expect(resumed("train", "longer", "--from", place("teachers", "other"))).rejects.toThrow(
      "was made from another model",
    );
    await expect(resumed("train", "alone", "--from", place("teachers", "first"))).rejects.toThrow(
      `--from ${place("teachers", "first")}: ${place("alone")} was begun without --from; leave it out now`,
    );
    const { code, stderr } = await cizgi(root, ["train", "--resume", "--out", "longer", "--epochs", "3"]);
    expect(stderr).toContain("from step 12.");
    expect(code).toBe(0);
    renameSync(place("teachers", "first"), place("teachers", "gone"));
    await expect(resumed("train", "longer")).rejects.toThrow(/cannot be opened any more .* Say with --from/);
    renameSync(place("teachers", "gone"), place("teachers", "first"));
  });

  test("of an older cizgi that began without a model is not resumed with one's normalisation", async () => {
    await cizgi(root, train("--out", "plain", "--epochs", "1", "--quiet"));
    cpSync(place("plain"), place("today"), { recursive: true });
    age("plain");
    const before = readFileSync(place("plain", "config.json"), "utf8");
    const resume = ["train", "--resume", "--out", "plain", "--epochs", "2"];
    const { code, stderr } = await cizgi(root, [...resume, "--from", "teachers/first"]);
    expect(stderr).toMatch(
      /was made with other training drawings .* and the same --from where it was begun with one/,
    );
    expect(code).toBe(1);
    expect(readFileSync(place("plain", "config.json"), "utf8")).toBe(before);
    const ended = await cizgi(root, resume);
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stderr.split(aged("plain"))).toHaveLength(2);
    // It goes on as a run of now does, and is written as one.
    expect(await cizgi(root, ["train", "--resume", "--out", "today", "--epochs", "2"])).toMatchObject({
      code: 0,
    });
    expect(modelOf("plain").equals(modelOf("today"))).toBe(true);
    const { origin, ...today } = json("today", "config.json");
    expect(origin).toEqual({ command: "train" });
    expect(json("plain", "config.json")).toEqual(today);
  });

  test("of categories that the model to start from does not have is refused before any drawing is read", async () => {
    const { code, stderr } = await cizgi(
      root,
      train("--from", "teachers/first", "--categories", "cat,rabbit", "--data", "nowhere", "--out", "no"),
    );
    expect(stderr).toContain('the model to start from has no category "rabbit".');
    expect(code).toBe(1);
    expect(existsSync(place("no"))).toBe(false);
  });

  test("--dry-run tells where --resume would go on, and refuses what it would refuse", async () => {
    const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const dry = ["--resume", "--out", place("alone"), "--dry-run"];
    const { stderr } = await runHere(trainCommand(), dry);
    said.mockRestore();
    expect(stderr).toBe(
      `Would go on from ${place("alone", "checkpoints", "checkpoint-00000012.safetensors")}.\n`,
    );
    await expect(resumed("train", "alone", "--base-channels", "16")).rejects.toThrow(
      `${place("alone")} was trained with baseChannels 8, now it is 16; resume with 8`,
    );
  });

  test("with a limit of minutes keeps it in the command that goes on", async () => {
    const { code, stderr } = await stopped(train("--minutes", "600", "--out", "timed"), "timed", "SIGTERM");
    expect(stderr).toMatch(/; go on with: npx cizgi train --resume --out timed --minutes (600|59\d)$/m);
    expect(code).toBe(143);
    const ended = await cizgi(root, ["train", "--resume", "--out", "timed", "--minutes", "0"]);
    expect(ended.stderr).toMatch(
      /^\d of 20 epochs are done, more did not fit into 0 minutes; --resume goes on with the others\.$/m,
    );
  });
});
