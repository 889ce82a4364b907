import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { UsageError, UserError } from "../../src/base/errors.ts";
import { settingsOf } from "../../src/base/settings.ts";
import { classifierPreset, classifierTrainingSchema } from "../../src/classifier/settings.ts";
import { classifierCommand } from "../../src/cli/commands/classifier.ts";
import { tinyTraining } from "../classifier/tiny-classifier.ts";
import { cizgi, type Finished } from "./cizgi.ts";
import { writeDrawings } from "./drawings.ts";
import { runHere } from "./in-process.ts";

const folder = mkdtempSync(join(tmpdir(), "cizgi-cli-classifier-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());
const place = (...names: string[]) => join(folder, ...names);
const classifier = (...args: string[]) => runHere(classifierCommand(), args);
const json = (...names: string[]) => JSON.parse(readFileSync(place(...names), "utf8"));

const categories = ["bus", "cat", "rabbit"];
writeDrawings(place("drawings"), { categories, count: 120 });
const tiny = { ...tinyTraining, data: place("drawings"), epochs: 2 };
writeFileSync(place("tiny.json"), JSON.stringify(tiny));

const origin = { command: "classifier train" };

/** What is said of so many drawings. */
const answers = (count: unknown) => ({ count, top1: expect.any(Number), top5: expect.any(Number) });

describe("a classifier from drawings to accuracy", () => {
  let finished: Finished;
  beforeAll(async () => {
    finished = await cizgi(folder, ["classifier", "train", "--config", "tiny.json", "--out", "run"]);
  });

  test("is trained, says how far it is on stderr and what it can do on stdout", () => {
    const { code, stdout, stderr } = finished;
    expect(stderr).toMatch(/Training 0\.\d M weights on 240 drawings in run\./);
    expect(String(stdout)).toMatch(
      /^Classifier model [0-9a-f]{12}, 3 categories, held-out drawings\nall: top-1 [\d.]+ %, top-5 100\.0 % \(\d+ drawings\)\n/,
    );
    expect(String(stdout)).toContain("those that Quick, Draw!'s game recognised: top-1 ");
    expect(code).toBe(0);
  });

  test("leaves its configuration, a log, checkpoints and the classifier", () => {
    expect(readdirSync(place("run")).sort()).toEqual([
      ...["checkpoints", "config.json", "log.jsonl", "model"],
    ]);
    expect(readdirSync(place("run/model")).sort()).toEqual(["config.json", "model.safetensors"]);
    expect(json("run/config.json")).toEqual({ ...tiny, origin });
    expect(json("run/model/config.json")).toMatchObject({ family: "classifier", categories });
    // 80 drawings of 3 categories in batches of 16.
    expect(readFileSync(place("run/log.jsonl"), "utf8").trimEnd().split("\n").length).toBe(30);
  });

  test("is tested on drawings that it has not seen, from anywhere", async () => {
    const { stdout, stderr } = await classifier(
      ...["test", "--model", place("run"), "--data", "synthetic"],
      ...["--most", "10", "--pairs", "1", "--json", "--quiet"],
    );
    const file = readFileSync(place("run/model/model.safetensors"));
    const result = JSON.parse(stdout);
    // Synthetic drawings say nothing of the game.
    expect(result).toEqual({
      name: "run",
      hash: createHash("sha256").update(file).digest("hex").slice(0, 12),
      all: answers(30),
      confusions: expect.any(Array),
    });
    expect(result.all.top5).toBe(1);
    expect(result.confusions.length).toBeLessThan(2);
    expect(stderr).toBe("");
  });

  test("says of its own data what was said at the end of the training", async () => {
    const { stdout } = await classifier("test", "--model", place("run/model"), "--data", place("drawings"));
    expect(stdout).toBe(String(finished.stdout));
  });

  test("is not trained over", async () => {
    const again = classifier("train", "--config", place("tiny.json"), "--out", place("run"));
    await expect(again).rejects.toThrow("run already holds a training run; continue it with --resume");
  });

  test("goes on with --resume, with its own configuration and drawings", async () => {
    const resume = ["train", "--resume", "--out", place("run")];
    const { stdout, stderr } = await classifier(...resume, "--epochs", "3", "--json");
    expect(stderr).toContain(`on 240 drawings in ${place("run")}, from step 30.`);
    expect(JSON.parse(stdout)).toMatchObject({ name: "model", all: answers(expect.any(Number)) });
    expect(json("run/config.json")).toEqual({ ...tiny, epochs: 3, origin });
    const other = classifier(...resume, "--train-size", "70");
    await expect(other).rejects.toThrow("was made with other training drawings");
  });
});

describe("--dry-run", () => {
  const dryRun = async (...args: string[]) =>
    JSON.parse((await classifier("train", "--dry-run", "--out", place("never"), ...args)).stdout);

  test("shows the preset and leaves nothing", async () => {
    expect(await dryRun()).toEqual({ ...classifierPreset, origin });
    expect(existsSync(place("never"))).toBe(false);
  });

  test("shows flag before environment before file before preset", async () => {
    writeFileSync(place("some.json"), JSON.stringify({ epochs: 11, pictureSize: 32, labelSmoothing: 0 }));
    vi.stubEnv("CIZGI_EPOCHS", "21");
    vi.stubEnv("CIZGI_PICTURE_SIZE", "48");
    vi.stubEnv("CIZGI_DATA", "somewhere");
    expect(await dryRun("--config", place("some.json"), "--epochs", "31", "--no-augment")).toEqual({
      ...classifierPreset,
      epochs: 31,
      pictureSize: 48,
      labelSmoothing: 0,
      augment: false,
      data: "somewhere",
      origin,
    });
  });

  test("every key of the schema has a flag and help, with its variable", () => {
    const options = classifierCommand().commands.flatMap((command) => command.options);
    for (const { name: key, schema } of settingsOf(classifierTrainingSchema)) {
      const { description } = schema;
      const option = options.find((each) => each.attributeName() === key && !each.negate);
      const variable = `CIZGI_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
      expect(option?.description).toBe(`${description} (${variable})`);
    }
  });
});

describe("what cannot be is refused in words", () => {
  beforeAll(() => {
    writeDrawings(place("alone"), { categories: ["cat"], count: 20 });
    writeDrawings(place("strange"), { categories: ["cat", "bus"], count: 20 });
    writeFileSync(place("strange/owl.ndjson"), readFileSync(place("strange/cat.ndjson")));
  });
  const train = (...args: string[]) => ["train", "--out", place("refused"), ...args];
  const run = (...args: string[]) => ["test", "--model", place("run"), ...args];

  const refusals: [args: string[], kind: typeof UserError, message: string][] = [
    [train("--norm-groups", "64"), UsageError, "normGroups: expected a divisor of half of baseChannels 64"],
    [train("--data", place("nowhere")), UserError, "nowhere: there is no such file or folder"],
    [
      train("--data", place("alone")),
      UserError,
      "alone: a classifier needs at least 2 categories to tell apart, found cat.",
    ],
    [
      ["test", "--model", place("nowhere"), "--data", place("drawings")],
      UserError,
      "nowhere: no classifier found there, expected ",
    ],
    [run("--data", place("strange")), UserError, 'run has no category "owl".'],
    [run("--data", place("drawings"), "--held-out", "0"), UserError, "no drawings are held out: use more"],
    [
      train("--data", place("drawings"), "--held-out", "1e-6"),
      UserError,
      "no drawings are held out: use more",
    ],
    [run("--held-out", "2"), UsageError, "--held-out: expected a number from 0 to 1, found 2"],
  ];
  test.each(refusals.map(([args, kind, message]) => ({ args, kind, message })))(
    "$message",
    async (refusal) => {
      const { args, kind, message } = refusal;
      const refused = classifier(...args);
      await expect(refused).rejects.toThrow(kind);
      await expect(refused).rejects.toThrow(message);
    },
  );

  test("with an exit code and without a stack", async () => {
    const { code, stdout, stderr } = await cizgi(folder, ["classifier", "test", "--model", "drawings"], {
      CIZGI_DATA: "drawings",
    });
    expect(stderr).toContain(
      "error: drawings: no classifier found there, expected drawings/model.safetensors",
    );
    expect(stderr).not.toMatch(/^\s+at /m);
    expect({ code, stdout: String(stdout) }).toEqual({ code: 1, stdout: "" });
  });
});
