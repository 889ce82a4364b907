import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UsageError, UserError } from "../../src/base/errors.ts";
import { evaluateCommand } from "../../src/cli/commands/evaluate.ts";
import type { Evaluation } from "../../src/metrics/evaluation.ts";
import { saveModel } from "../../src/node/model.ts";
import { saveUntrained } from "../classifier/tiny-classifier.ts";
import { untrained } from "../families/tiny-model.ts";
import { normals } from "../graph/check.ts";
import { onnxBytes } from "../metrics/image-network/onnx-file.ts";
import { inkInCells, strokesInCells } from "../render/cells.ts";
import { changed, tinyQuick } from "../training/tiny.ts";
import { cizgi, type Finished } from "./cizgi.ts";
import { writeDrawings } from "./drawings.ts";
import { runHere } from "./in-process.ts";
import { inOldLayout } from "./old-layout.ts";

const folder = mkdtempSync(join(tmpdir(), "cizgi-cli-evaluate-"));
afterAll(() => rmSync(folder, { recursive: true }));
const place = (...names: string[]) => join(folder, ...names);
const evaluate = (...args: string[]) => runHere(evaluateCommand(), args);
const json = (...names: string[]) => JSON.parse(readFileSync(place(...names), "utf8"));

/** A run's folder as `cizgi train` leaves it, but for a model that was never trained. */
async function writeRun(name: string, changes: Readonly<Record<string, unknown>> = {}): Promise<void> {
  await saveModel(place(name, "model"), untrained());
  writeFileSync(place(name, "log.jsonl"), "");
  writeFileSync(place(name, "config.json"), JSON.stringify(changed(tinyQuick, changes)));
}

/** Six features: random sums of the pixels of small pictures. */
const [SIDE, FEATURES] = [16, 6];
const network = onnxBytes({
  inputs: [{ name: "image", shape: ["N", 3, SIDE, SIDE] }],
  outputs: [{ name: "features", shape: ["N", FEATURES] }],
  nodes: [
    ["Flatten", ["image"], "flat"],
    ["MatMul", ["flat", "sums"], "features"],
  ],
  matrix: {
    name: "sums",
    shape: [3 * SIDE * SIDE, FEATURES],
    data: normals(3 * SIDE * SIDE * FEATURES, 1),
  },
});
const features = ["--features", place("sums.onnx")];

beforeAll(async () => {
  writeFileSync(place("sums.onnx"), network);
  await writeRun("run");
  writeDrawings(place("made"), { categories: ["bus", "cat", "rabbit"], count: 30, seed: 1 });
  writeDrawings(place("real"), { categories: ["bus", "cat"], count: 60 });
});

describe("a folder that cizgi sample wrote", () => {
  test("is read as one set of each category, in the order drawn", async () => {
    const sample = ["sample", "--model", "run", "--count", "12", "--format", "ndjson", "--out", "sampled/"];
    for (const category of ["cat", "bus"]) expect((await cizgi(folder, [...sample, category])).code).toBe(0);
    const { stdout, stderr } = await evaluate(
      ...["--generated", place("sampled"), "--real", place("real"), "--held-out", "0.5", ...features],
      ...["--json", "--out", place("sampled-report")],
    );
    expect(JSON.parse(stdout)).toMatchObject({ categories: ["bus", "cat"], count: 24 });
    expect(stderr).toContain(
      "cat: 12 files are read as one: cat-0-0.ndjson, cat-0-1.ndjson, cat-0-2.ndjson and 9",
    );
  });
});

describe("a run and a folder against what the run held out", () => {
  let finished: Finished;
  let evaluation: Evaluation;
  beforeAll(async () => {
    const sets = ["--model", "run", "--generated", "made"];
    finished = await cizgi(folder, [
      "evaluate",
      ...sets,
      "--features",
      "sums.onnx",
      "--json",
      "--out",
      "report",
    ]);
    evaluation = JSON.parse(String(finished.stdout) || "{}");
  });

  test("gives a row for the floor and one for each set, on as many drawings as all have", () => {
    expect(finished.code).toBe(0);
    // Of 30 drawings a category the run held out 5.
    expect(evaluation).toMatchObject({
      format: 1,
      count: 10,
      categories: ["cat", "bus"],
      network: { name: expect.stringContaining("sums"), size: FEATURES },
      reference: "held-out real drawings: those of synthetic that the run's own split held out",
    });
    expect(evaluation.rows.map(({ name, description }) => [name, description])).toEqual([
      ["real training drawings", "what a perfect model would score"],
      ["run", "drawn by run with 4 steps of ddim, guidance 3, eta 0, seed 0"],
      ["made", "drawings of made, the first ones of each file"],
    ]);
    expect(evaluation.rows.map(({ perCategory }) => perCategory)).toEqual(
      Array.from({ length: 3 }, () => ({ cat: { count: 5 }, bus: { count: 5 } })),
    );
  });

  test("measures what can be: novelty but for the floor, no recognition without categories", () => {
    const [floor, run, made] = evaluation.rows.map(({ measures }) => measures);
    for (const measures of [floor, run, made]) {
      for (const number of [measures.fid, measures.kid.mean, measures.precision, measures.pixelFid])
        expect(number).toEqual(expect.any(Number));
      expect(measures).not.toHaveProperty("recognition");
    }
    expect(floor).not.toHaveProperty("novelty");
    expect(run.novelty?.ratio).toBeGreaterThan(0);
    // Scribbles of a network that has learnt nothing are further away than other drawings of the same hand.
    expect(run.fid).toBeGreaterThan(made.fid);
    expect(evaluation).not.toHaveProperty("bestOf");
    // The network in their place looks alone.
    expect(evaluation).not.toHaveProperty("secondJudge");
  });

  test("leaves the same numbers in metrics.json, with a page and pictures", () => {
    expect(json("report/metrics.json")).toEqual(evaluation);
    expect(readdirSync(place("report")).sort()).toEqual(
      [
        "metrics.json",
        "report.html",
        "table.md",
        ...["grid", "neighbours"].flatMap((name) => [`${name}.png`, `${name}.svg`]),
      ].sort(),
    );
    // Rows of two categories, five real drawings and five drawn ones each; ten drawings and the nearest of each.
    for (const name of ["grid", "neighbours"]) {
      const strokes = strokesInCells(readFileSync(place("report", `${name}.svg`), "utf8"));
      expect(strokes).toHaveLength(20);
      expect(inkInCells(readFileSync(place("report", `${name}.png`)))).toEqual(
        strokes.map((count) => count > 0),
      );
    }
    expect(readFileSync(place("report/report.html"), "utf8")).toContain(evaluation.network.hash);
    expect(finished.stderr).toContain("The report: report/report.html");
  });

  test("gives the same numbers again", async () => {
    const sets = ["--model", place("run"), "--generated", place("made")];
    const again = await evaluate(...sets, ...features, "--json", "--quiet", "--out", place("again"));
    const measures = ({ rows }: Evaluation) => rows.map((row) => row.measures);
    expect(measures(JSON.parse(again.stdout))).toEqual(measures(evaluation));
    expect(again.stderr).toBe("");
  });
});

describe("a folder against real drawings that were split by their keys", () => {
  const args = ["--generated", place("made"), "--real", place("real"), "--held-out", "0.3", ...features];

  test("of the asked categories, at most so many drawings, as a table", async () => {
    const { stdout } = await evaluate(
      ...args,
      ...["--categories", "cat", "--count", "8", "--training", "0", "--out", place("cats")],
    );
    const evaluation: Evaluation = json("cats/metrics.json");
    expect(evaluation).toMatchObject({
      count: 8,
      categories: ["cat"],
      reference: `held-out real drawings: 30 % of ${place("real")}, chosen by the hash of their keys`,
    });
    for (const { measures } of evaluation.rows) expect(measures).not.toHaveProperty("novelty");
    expect(existsSync(place("cats/neighbours.png"))).toBe(false);
    for (const said of ["made", "real training drawings", evaluation.network.hash])
      expect(stdout).toContain(said);
  });

  test("a model's folder without its run is measured the same way", async () => {
    cpSync(place("run/model"), place("alone"), { recursive: true });
    const model = ["--model", place("alone"), "--categories", "bus", "--steps", "2", "--guidance", "1"];
    await evaluate(...args, ...model, "--out", place("bus"), "--quiet");
    const { rows, reference }: Evaluation = json("bus/metrics.json");
    expect(reference).toContain("chosen by the hash of their keys");
    expect(rows[1]).toMatchObject({
      name: "alone",
      description: `drawn by ${place("alone")} with 2 steps of ddim, guidance 1, eta 0, seed 0`,
    });
  });
});

test("the model of a run is known to be the run's, and sets of one name are told apart", async () => {
  const models = [
    "--model",
    place("run"),
    "--model",
    place("run/model"),
    "--generated",
    `${place("made")}/../made`,
  ];
  const settings = ["--features", place("sums.onnx"), "--steps", "1", "--guidance", "1", "--training", "0"];
  await evaluate(...models, "--generated", place("made"), ...settings, "--out", place("both"), "--quiet");
  const { rows, reference }: Evaluation = json("both/metrics.json");
  expect(reference).toContain("that the run's own split held out");
  const names = [`${place("made")}/../made`, place("made")];
  expect(rows.slice(1).map(({ name }) => name)).toEqual(["run", "model", ...names]);
});

describe("what cannot be evaluated is refused before anything is drawn", () => {
  const made = ["--generated", place("made")];
  const run = ["--model", place("run")];
  beforeAll(async () => {
    await writeRun("smaller", { trainSize: 20 });
    await writeRun("elsewhere", { data: "real" });
    await writeRun("older");
    writeFileSync(place("older", "config.json"), JSON.stringify(inOldLayout(tinyQuick)));
    writeDrawings(place("rabbits"), { categories: ["rabbit"], count: 10 });
    await saveUntrained(place("classifier"));
  });

  const refusals: [args: string[], kind: typeof UserError, message: string][] = [
    [[], UsageError, "say what to evaluate: --model FOLDER, --adapter FOLDER or --generated FOLDER."],
    [
      [...made, ...run, "--categories", "cat,owl"],
      UsageError,
      '--categories: not every set has "owl"; they have in common: cat, bus.',
    ],
    [[...made, "--categories", "rabbit", ...run], UsageError, 'not every set has "rabbit"'],
    [
      [...made, "--categories", "cat,bus,cat"],
      UsageError,
      "--categories: expected each category once, found cat, bus, cat.",
    ],
    [
      [...run, "--generated", place("rabbits")],
      UsageError,
      "the sets have no category in common; give --categories or other sets.",
    ],
    [[...made, "--real", place("real")], UserError, 'real has no category "rabbit".'],
    [
      [...made, "--real", place("real"), "--categories", "cat", "--held-out", "0"],
      UserError,
      "cat: one of the sets has no drawing of it; leave it out with --categories, or add drawings.",
    ],
    // Before the real drawings are looked for.
    [
      [...made, ...run, "--real", place("nowhere"), "--count", "5"],
      UserError,
      "too few drawings to compare: 4 in each set, expected 6 or more",
    ],
    [["--generated", place("nowhere")], UserError, "nowhere: there is no such file or folder"],
    [["--model", place("nowhere")], UserError, "nowhere: no model found there, expected "],
    [["--model", place("classifier")], UserError, "classifier/model.safetensors (config): "],
    [
      [...run, "--model", place("smaller")],
      UsageError,
      "the runs were trained with different trainSize (10000 and 20), so that they hold out different drawings; evaluate them one by one.",
    ],
    [
      [...run, "--model", place("elsewhere")],
      UsageError,
      'the runs were trained with different data ("synthetic" and "real")',
    ],
    // The run of an older cizgi was split as the other.
    [
      [...run, "--model", place("older"), "--real", place("nowhere")],
      UserError,
      "nowhere: there is no such file or folder",
    ],
    // Where --real says what all of it is, runs on different data can be compared.
    [
      [...run, "--model", place("elsewhere"), "--real", place("nowhere")],
      UserError,
      "nowhere: there is no such file or folder",
    ],
    [[...run, "--best-of", "2"], UsageError, '--best-of: sums.onnx does not know "cat" and cannot choose.'],
    [[...run, "--best-of", "1"], UsageError, "--best-of: expected a whole number of at least 2, found 1"],
    [[...run, "--preprocessing", "clean"], UsageError, "--preprocessing takes one of pytorch-fid, clean-fid"],
    [[...run, "--features", place("none.onnx")], UserError, "none.onnx"],
    [[...run, "--out", place("sums.onnx")], UserError, "cannot write into the folder"],
  ];
  test.each(refusals.map(([args, kind, message]) => ({ args, kind, message })))(
    "$message",
    async (refusal) => {
      const { args, kind, message } = refusal;
      const refused = evaluate("--out", place("refused"), ...features, ...args);
      await expect(refused).rejects.toThrow(kind);
      await expect(refused).rejects.toThrow(message);
      expect(existsSync(place("refused/metrics.json"))).toBe(false);
    },
  );

  test.each([
    ["a model that is none", ["--model", place("nowhere")]],
    ["files that are none", ["--generated", place("nowhere")]],
    ["a category that nobody has", ["--model", place("run"), "--categories", "nothing"]],
    ["too few drawings", ["--model", place("run"), "--count", "2"]],
  ])("of %s before --out is made", async (_, args) => {
    await expect(evaluate("--out", place("never"), ...features, ...args)).rejects.toThrow(UserError);
    expect(existsSync(place("never"))).toBe(false);
  });

  test("with an exit code and without a stack", async () => {
    const { code, stdout, stderr } = await cizgi(folder, ["evaluate"]);
    expect(stderr).toBe(
      "error: say what to evaluate: --model FOLDER, --adapter FOLDER or --generated FOLDER.\n",
    );
    expect({ code, stdout: String(stdout) }).toEqual({ code: 2, stdout: "" });
  });
});

test("the classifiers that ship recognise, one beside the other, and --best-of 2 is said", async () => {
  const args = ["--model", place("run"), "--generated", place("made"), "--best-of", "2"];
  const { stdout } = await evaluate(...args, "--out", place("best"), "--quiet");
  const evaluation: Evaluation = json("best/metrics.json");
  expect(evaluation).toMatchObject({ bestOf: 2, network: { name: "QD", size: 256 } });
  for (const { measures, perCategory } of evaluation.rows) {
    expect(measures.recognition).toEqual({
      top1: expect.any(Number),
      top5: expect.any(Number),
      agreement: expect.any(Number),
    });
    expect(Object.keys(perCategory).sort()).toEqual(["bus", "cat"]);
  }
  expect(evaluation.realRecognition?.perCategory).toHaveProperty("cat");
  const { rows, count, secondJudge } = evaluation;
  expect(secondJudge).toMatchObject({ count, network: { name: "QD28", size: 192 }, training: 0 });
  // Both saw the same drawings, and each in its own way.
  expect(secondJudge?.rows.map(({ name, measures: { pixelFid } }) => [name, pixelFid])).toEqual(
    rows.map(({ name, measures: { pixelFid } }) => [name, pixelFid]),
  );
  for (const [i, { measures }] of (secondJudge?.rows ?? []).entries()) {
    expect(measures.fid).not.toBe(rows[i].measures.fid);
    expect(measures).toHaveProperty("recognition");
    expect(measures).not.toHaveProperty("novelty");
  }
  expect(stdout).toMatch(/best of 2/i);
  expect(stdout).toMatch(/^by QD28 +FID-QD28/m);
  expect(existsSync(place("best/categories.png"))).toBe(true);
});
