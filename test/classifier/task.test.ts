import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildClassifier } from "../../src/classifier/network.ts";
import { classification, type LabelledSketches } from "../../src/classifier/task.ts";
import { openClassifier, saveClassifier } from "../../src/metrics/classifier.ts";
import { recognition } from "../../src/metrics/recognition.ts";
import { initialize, parameterViews } from "../../src/nn/parameters.ts";
import type { Feeds } from "../../src/runtime/session.ts";
import { rasterise } from "../../src/sketch/raster.ts";
import { boundOf } from "../../src/training/checkpoint.ts";
import type { StepReport } from "../../src/training/loop.ts";
import { modelFolder } from "../../src/training/run.ts";
import { expectClose, normals } from "../graph/check.ts";
import { evaluate, type ReferenceFeeds } from "../graph/reference.ts";
import { trainTask } from "../training/tiny.ts";
import { labelledSketches, tinyClassifier, tinyTraining } from "./tiny-classifier.ts";

const folder = mkdtempSync(join(tmpdir(), "cizgi-classification-"));
afterAll(() => rmSync(folder, { recursive: true }));
const place = (...names: string[]) => join(folder, ...names);

const drawings = labelledSketches(80);
const { pictureSize, margin, lineWidth } = tinyTraining;
const PIXELS = pictureSize * pictureSize;

const taskOf = (over: Partial<typeof tinyTraining> = {}, of: LabelledSketches = drawings) =>
  classification({ ...tinyTraining, ...over }, of);

/** The same as a run that leaves a classifier in its folder. */
const runOf = (folder: string, config: typeof tinyTraining, task = taskOf()) => ({
  config,
  stages: [{ name: "classifier", optimisation: config, begin: () => task }],
  save: ([weights]: readonly Float32Array[]) => saveClassifier(modelFolder(folder), tinyClassifier, weights),
});

describe("the loss", () => {
  const BATCH = 3;
  const labels = [2, 0, 1];
  const { logits, parameters } = buildClassifier({ ...tinyTraining, classes: 3 }, BATCH);
  const feeds: ReferenceFeeds = {
    ...Object.fromEntries(parameterViews(parameters, initialize(parameters, 5))),
    pictures: normals(BATCH * PIXELS, 1).map(Math.abs),
    labels,
  };
  const [said] = evaluate([logits], feeds);
  const probabilities = labels.map((_, row) => {
    const powers = Array.from(said.slice(3 * row, 3 * row + 3), Math.exp);
    const total = powers.reduce((a, b) => a + b);
    return powers.map((power) => power / total);
  });

  test.each([0, 0.1, 0.6])("is the mean cross-entropy against targets smoothed by %d", (smoothing) => {
    const { losses } = taskOf({ labelSmoothing: smoothing }).lossGraph(BATCH, BATCH);
    const [[loss], [asked]] = evaluate([losses.loss, losses.asked], feeds);
    const target = (label: number, category: number) =>
      (category === label ? 1 - smoothing : 0) + smoothing / 3;
    const expected = labels.map((label, row) =>
      probabilities[row].reduce((sum, p, category) => sum - target(label, category) * Math.log(p), 0),
    );
    const plain = labels.map((label, row) => -Math.log(probabilities[row][label]));
    const mean = (values: number[]) => values.reduce((a, b) => a + b) / BATCH;
    // The graph's constants are rounded to float32.
    expectClose([loss, asked], [mean(expected), mean(plain)], 1e-7, "losses");
    if (smoothing === 0) expect(loss).toBe(asked);
  });

  test("has the parameters of the classifier", () => {
    const names = taskOf()
      .lossGraph(BATCH, BATCH)
      .parameters.map(({ name }) => name);
    expect(names).toEqual(parameters.map(({ name }) => name));
  });
});

describe("a batch", () => {
  const members = Uint32Array.of(3, 90, 170, 3);
  const picturesOf = ({ pictures }: Feeds) => Float32Array.from(pictures, Number);

  test("holds the members' labels in order", () => {
    expect(taskOf().makeBatch(members, 0).labels).toEqual(BigInt64Array.of(0n, 1n, 2n, 0n));
  });

  test("not augmented, holds the pictures that will be recognised", () => {
    const pictures = picturesOf(taskOf({ augment: false }).makeBatch(members, 4));
    for (const [i, member] of members.entries()) {
      const expected = rasterise(drawings.sketches[member], { size: pictureSize, margin, lineWidth });
      expect(pictures.subarray(i * PIXELS, (i + 1) * PIXELS)).toEqual(expected);
    }
  });

  test("augmented, depends on the seed, the step, the place and the members, and on nothing else", () => {
    const task = taskOf();
    const batch = picturesOf(task.makeBatch(members, 4));
    task.makeBatch(Uint32Array.of(7, 8), 5);
    expect(picturesOf(task.makeBatch(members, 4))).toEqual(batch);
    expect(picturesOf(taskOf().makeBatch(members, 4))).toEqual(batch);
    expect(picturesOf(task.makeBatch(members, 5))).not.toEqual(batch);
    expect(picturesOf(taskOf({ seed: 43 }).makeBatch(members, 4))).not.toEqual(batch);
    expect(batch.subarray(0, PIXELS)).not.toEqual(batch.subarray(3 * PIXELS));
    // The same member in the same place.
    const others = picturesOf(task.makeBatch(Uint32Array.of(3, 1, 2, 4), 4));
    expect(others.subarray(0, PIXELS)).toEqual(batch.subarray(0, PIXELS));
  });

  test.each([true, false])("is ink from 0 to 1, some of each (augmented: %s)", (augment) => {
    const all = Uint32Array.from(drawings.sketches, (_, i) => i);
    const pictures = picturesOf(taskOf({ augment }).makeBatch(all, 0));
    expect(pictures.every((ink) => ink >= 0 && ink <= 1)).toBe(true);
    for (const i of all) {
      const picture = pictures.subarray(i * PIXELS, (i + 1) * PIXELS);
      expect(Math.max(...picture)).toBeGreaterThan(0.5);
      expect(Math.min(...picture)).toBe(0);
    }
  });

  test("can be drawn with the largest margin that the configuration allows", () => {
    const wide = taskOf({ margin: pictureSize / 4 });
    for (let step = 0; step < 50; step++) expect(() => wide.makeBatch(members, step)).not.toThrow();
  });
});

describe("the fingerprint", () => {
  const fingerprintOf = (task: ReturnType<typeof taskOf>) => boundOf(task).fingerprint;
  const fingerprint = fingerprintOf(taskOf());

  test("is the same for the same drawings, whatever the settings", () => {
    const same = taskOf({ epochs: 9, seed: 5, augment: false }, labelledSketches(80));
    expect(fingerprintOf(same)).toBe(fingerprint);
  });

  test("tells other drawings, other strokes, another order, one more drawing and another label", () => {
    const { sketches, labels } = drawings;
    const [first, second, ...rest] = sketches;
    const moved = { strokes: first.strokes.map(({ x, y }) => ({ x, y: y.map((value) => value + 1) })) };
    const [stroke, ...strokes] = first.strokes;
    const halves = [
      { x: stroke.x.slice(0, 2), y: stroke.y.slice(0, 2) },
      { x: stroke.x.slice(2), y: stroke.y.slice(2) },
    ];
    const others: LabelledSketches[] = [
      { ...drawings, sketches: [{ strokes: [...halves, ...strokes] }, second, ...rest] },
      { ...drawings, sketches: [moved, second, ...rest] },
      { ...drawings, sketches: [second, first, ...rest] },
      { ...drawings, sketches: sketches.slice(1), labels: labels.slice(1) },
      { ...drawings, labels: labels.with(0, 1) },
    ];
    const all = [fingerprint, ...others.map((of) => fingerprintOf(taskOf({}, of)))];
    expect(new Set(all).size).toBe(all.length);
  });
});

test("the state is bound to the pictures, the network, the order of the batches and the categories", () => {
  expect(taskOf().bound).toEqual({
    categories: ["cat", "bus", "rabbit"],
    architecture: "residual",
    pictureSize,
    margin,
    lineWidth,
    baseChannels: 8,
    normGroups: 2,
    batchSize: 16,
    seed: 42,
  });
});

describe("training", () => {
  const config = { ...tinyTraining, epochs: 4 };
  const final = (run: string) => [
    readFileSync(place(run, "checkpoints", "checkpoint-00000060.safetensors")),
    readFileSync(place(run, "model", "model.safetensors")),
  ];
  let reports: StepReport[];
  beforeAll(async () => {
    reports = await trainTask(place("whole"), runOf(place("whole"), config));
  });

  test("lowers the loss, and the classifier recognises drawings that it has not seen", async () => {
    const losses = reports.flatMap(({ epochEnd }) => epochEnd?.loss ?? []);
    expect(losses.length).toBe(4);
    expect(losses[3]).toBeLessThan(0.8 * losses[0]);
    const network = await openClassifier(place("whole"), { threads: 1 });
    const { sketches, labels } = labelledSketches(110);
    const unseen = sketches.flatMap((sketch, i) => (i % 110 < 80 ? [] : [{ sketch, label: labels[i] }]));
    const { logits } = await network.describe(unseen.map(({ sketch }) => sketch));
    await network.dispose();
    const asked = Uint32Array.from(unseen, ({ label }) => label);
    // A third of the 90 drawings would be named rightly by chance, give or take 5 %.
    const { top1 } = recognition({ logits, labels: asked, categories: network.categories });
    expect(top1).toBeGreaterThan(0.6);
  });

  test("interrupted within an epoch and resumed, it ends with the same bits", async () => {
    const steps: number[] = [];
    for (const stopAfter of [23, undefined]) {
      const resume = stopAfter !== 23;
      const done = await trainTask(place("stopped"), runOf(place("stopped"), config), {
        resume,
        ...(stopAfter && { stopAfter }),
      });
      steps.push(...done.map(({ step }) => step));
    }
    expect(steps).toEqual(reports.map(({ step }) => step));
    expect(final("stopped")).toEqual(final("whole"));
  });

  test("is not resumed with other drawings, labels or another network", async () => {
    const checkpoints = () => readdirSync(place("whole", "checkpoints"));
    const before = checkpoints();
    const resume = (task: ReturnType<typeof taskOf>) =>
      trainTask(place("whole"), runOf(place("whole"), config, task), { resume: true });
    const { labels } = drawings;
    await expect(resume(taskOf({}, labelledSketches(81)))).rejects.toThrow("other training drawings");
    await expect(resume(taskOf({}, { ...drawings, labels: labels.toReversed() }))).rejects.toThrow(
      "other training drawings",
    );
    await expect(resume(taskOf({ lineWidth: 2 }))).rejects.toThrow("lineWidth 1.5, now it is 2");
    const renamed = { ...drawings, categories: ["cat", "bus", "hare"] };
    await expect(resume(taskOf({}, renamed))).rejects.toThrow("categories");
    expect(checkpoints()).toEqual(before);
  });
});
