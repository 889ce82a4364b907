import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collect } from "../../../src/base/collect.ts";
import { ddim } from "../../../src/diffusion/ddim.ts";
import { samplers } from "../../../src/diffusion/samplers.ts";
import { cosineSchedule } from "../../../src/diffusion/schedule.ts";
import { buildNetwork, sizesOf } from "../../../src/families/denoiser/network.ts";
import type { DenoiserModel } from "../../../src/families/denoiser/settings.ts";
import { startOf as startFrom } from "../../../src/families/denoiser/start.ts";
import type { Distillation } from "../../../src/families/family.ts";
import { unet1d } from "../../../src/families/unet1d/family.ts";
import { grow } from "../../../src/families/unet1d/grow.ts";
import { network } from "../../../src/families/unet1d/network.ts";
import type { UNet1dSettings } from "../../../src/families/unet1d/settings.ts";
import { parameterViews } from "../../../src/nn/parameters.ts";
import { loadModel } from "../../../src/node/model.ts";
import { sample } from "../../../src/node/sample.ts";
import { nodeRuntime } from "../../../src/runtime/node.ts";
import { compile } from "../../../src/runtime/program.ts";
import { compileGradients } from "../../../src/training/gradient-program.ts";
import { modelFolder } from "../../../src/training/run.ts";
import type { Task } from "../../../src/training/task.ts";
import { distillationOf, runOf } from "../../../src/workflows/train.ts";
import { changed, type Prepared, prepare, tinyQuick, trainIn, trainTask } from "../../training/tiny.ts";

const folder = mkdtempSync(join(tmpdir(), "cizgi-distillation-"));
afterAll(() => rmSync(folder, { recursive: true }));

const config = changed(tinyQuick, { epochs: 3 });
const members = Uint32Array.of(4, 0, 17, 33, 8, 21, 40, 5);

type Model = DenoiserModel<UNet1dSettings>;

/** The U-Net that a run has left. */
async function load(run: string): Promise<Model> {
  const { config, weights } = await loadModel(run);
  return { config: unet1d.parseModel(config, run), weights };
}

let prepared: Prepared;
let teacher: Model;
beforeAll(async () => {
  prepared = await prepare(config);
  await trainIn(join(folder, "teacher"), prepared);
  teacher = await load(join(folder, "teacher"));
  expect(teacher.config).toEqual({
    format: 2,
    categories: config.data.categories,
    network: config.network,
    learnt: { normalisation: prepared.normalisation },
    sampling: config.sampling,
  });
});

/** Asks the teacher about drawings with a label each. */
async function asTeacher(count: number) {
  const { output, parameters } = buildNetwork({ network, sizes: sizesOf(teacher.config) }, count);
  const initializers = parameterViews(parameters, teacher.weights);
  const program = await compile({ prediction: output.prediction }, { initializers });
  return {
    ask: async (noisy: Float32Array, times: Float32Array, labels: BigInt64Array) =>
      (await program.run({ noisy, times, labels })).prediction,
    dispose: program.dispose,
  };
}

/** What a student of a teacher learns, and what it becomes. */
async function studentOf(wanted: Distillation, from = teacher, run = config) {
  const training = distillationOf(run, prepared.drawings, from, wanted);
  const [{ begin }] = training.stages;
  return { training, task: await begin([], nodeRuntime()), config: training.model([from.weights]).config };
}

function startOf({ start }: Task): Float32Array {
  if (start === undefined) throw new Error("a student begins as its teacher");
  return start;
}

/** The loss of the student as it begins, by the graph. */
async function lossOf(wanted: Distillation, step: number, from = teacher): Promise<number> {
  const { task } = await studentOf(wanted, from);
  const program = await compileGradients(task.lossGraph, members.length, { threads: 1 });
  const { loss } = await program.run(startOf(task), task.makeBatch(members, step));
  await program.dispose();
  return loss;
}

const drawingBy = (sampler: Model["config"]["sampling"]["sampler"]): Model => ({
  ...teacher,
  config: { ...teacher.config, sampling: { ...teacher.config.sampling, sampler } },
});

/** The same from what DDIM, working outside of the graph, makes of each drawing. */
async function expectedLoss(wanted: Distillation, step: number, from = teacher): Promise<number> {
  const { steps, substeps, guidance } = wanted;
  const { task } = await studentOf(wanted, from);
  const batch = task.makeBatch(members, step);
  const { noisy, times, labels } = batch as Record<string, Float32Array> & { labels: BigInt64Array };
  const { diffusionSteps, points } = config.network;
  const { alphaBars } = cosineSchedule(diffusionSteps);
  const sampler = from.config.sampling.sampler === "ddim" ? "ddim" : "dpm1";
  const grid = samplers[sampler].times(diffusionSteps, steps * substeps);
  const asked = await asTeacher(1);
  const size = points * 3;
  let sum = 0;
  for (const place of members.keys()) {
    const x = noisy.slice(place * size, (place + 1) * size);
    const first = grid.indexOf(times[place]);
    const ask = (label: bigint) => (at: Float32Array, t: number) =>
      asked.ask(at, Float32Array.of(t), BigInt64Array.of(label));
    const predict = async (at: Float32Array, t: number) => ({
      conditional: { prediction: await ask(labels[place])(at, t) },
      unconditional: { prediction: await ask(BigInt(teacher.config.categories.length))(at, t) },
    });
    const stops = grid.slice(first, first + substeps + 1);
    const walk = ddim(predict, x, {
      alphaBars,
      predictionType: "v",
      times: stops,
      guidance: batch.guidance instanceof Float32Array ? batch.guidance[place] : guidance,
      clamp: Infinity,
    });
    let end: Float32Array = x;
    for await (const state of walk) end = state.x;
    const [from, to] = [stops[0], stops[stops.length - 1]].map((t) => Math.acos(Math.sqrt(alphaBars[t])));
    const v = await ask(labels[place])(x, times[place]);
    for (let i = 0; i < size; i++) {
      // On the circle of angles a DDIM step is a rotation: end = cos(from - to) x - sin(from - to) v.
      const target = (Math.cos(from - to) * x[i] - end[i]) / Math.sin(from - to);
      sum += (v[i] - target) ** 2;
    }
  }
  await asked.dispose();
  return sum / (members.length * size);
}

describe("distillation", () => {
  test.each([
    { steps: 2, substeps: 2, guidance: 1 },
    { steps: 4, substeps: 3, guidance: 2.5 },
    { steps: 20, substeps: 1, guidance: 3 },
    { steps: 20, substeps: 1, guidance: 2, maxGuidance: 4 },
    { steps: 4, substeps: 3, guidance: 2, maxGuidance: 4 },
  ])("%j: the target is where DDIM takes the teacher", async (wanted) => {
    const found = await lossOf(wanted, 5);
    const expected = await expectedLoss(wanted, 5);
    expect(expected).toBeGreaterThan(1e-4);
    expect(Math.abs(found / expected - 1)).toBeLessThan(2e-3);
  });

  test("of a teacher that draws by DPM-Solver++ is at its time steps, and the student asks there", async () => {
    const from: Model = drawingBy("dpm");
    const wanted = { steps: 4, substeps: 2, guidance: 2 };
    const [found, expected] = [await lossOf(wanted, 5, from), await expectedLoss(wanted, 5, from)];
    expect(Math.abs(found / expected - 1)).toBeLessThan(2e-3);
    const student = await studentOf(wanted, from);
    expect(student.config.sampling).toMatchObject({ sampler: "dpm1", steps: 4, eta: 0 });
  });

  test("a student of one step for one, unguided, has nothing to learn", async () => {
    expect(await lossOf({ steps: 50, substeps: 1, guidance: 1 }, 2)).toBeLessThan(1e-10);
  });

  test("makes the loss smaller, and the student draws as it was taught to", async () => {
    const wanted = { steps: 2, substeps: 4, guidance: 2 };
    const longer = changed(config, { epochs: 12, learningRate: 1e-3 });
    const place = join(folder, "student");
    const { training } = await studentOf(wanted, teacher, longer);
    const reports = await trainTask(place, runOf(longer, training, { folder: place }));
    const mean = (of: typeof reports) => of.reduce((total, { losses }) => total + losses.loss, 0) / of.length;
    expect(mean(reports.slice(-12))).toBeLessThan(0.7 * mean(reports.slice(0, 12)));
    const { config: student } = await load(modelFolder(place));
    expect(student).toEqual({
      ...teacher.config,
      sampling: { steps: 2, guidance: 1, sampler: "ddim", eta: 0 },
    });
  });

  test("told the guidance, begins as the teacher unguided, and learns what any weight makes of it", async () => {
    const wanted = { steps: 20, substeps: 1, guidance: 2, maxGuidance: 4 };
    const longer = changed(config, { epochs: 48, learningRate: 2e-3 });
    const { training, task } = await studentOf(wanted, teacher, longer);
    const told = {
      ...teacher.config,
      network: { ...teacher.config.network, maxGuidance: 4 },
      sampling: { ...teacher.config.sampling, guidance: 2 },
    };
    const draw = (model: Model, guidance: number) =>
      collect(sample(model, { category: "cat", count: 2, seed: 3, steps: 4, guidance, sampler: "dpm" }));
    const begun = { config: told, weights: startOf(task) };
    expect(await draw(begun, 3)).toEqual(await draw(teacher, 1));

    const place = join(folder, "told");
    await trainTask(place, runOf(longer, training, { folder: place }));
    const student = await load(modelFolder(place));
    expect(student.config).toEqual(told);
    const program = await compileGradients(task.lossGraph, members.length, { threads: 1 });
    const batch = task.makeBatch(members, 5);
    const constant = (weight: number) => new Float32Array(members.length).fill(weight);
    const loss = async (weights: Float32Array, told: number, meant: number) =>
      (
        await program.run(weights, {
          ...batch,
          guidance: constant(told),
          "teacher.guidance": constant(meant),
        })
      ).loss;
    for (const weight of [0, 2, 3, 4])
      expect(await loss(student.weights, weight, weight)).toBeLessThan(
        0.9 * (await loss(startOf(task), weight, weight)),
      );
    for (const weight of [0, 1, 3, 4])
      expect(await loss(student.weights, weight, weight)).toBeLessThan(
        0.6 * (await loss(student.weights, 4 - weight, weight)),
      );
    await program.dispose();
    // Its own student is told the same way.
    const second = await studentOf({ steps: 2, substeps: 2, guidance: 1.5 }, student);
    expect(startOf(second.task)).toEqual(student.weights);
    expect(second.config).toMatchObject({ network: { maxGuidance: 4 }, sampling: { guidance: 1.5 } });
  });

  test("of a teacher that is told prefixes: they stay as they are on the teacher's way, and ask for nothing", async () => {
    const begun = changed(config, { prefixConditioning: 1 });
    const toldConfig = { ...teacher.config, network: begun.network };
    const weights = startFrom({ network, grow }, teacher, toldConfig, 42);
    const told: Model = { config: toldConfig, weights };
    const { task } = await studentOf({ steps: 4, substeps: 2, guidance: 2 }, told, begun);
    const program = await compileGradients(task.lossGraph, members.length, { threads: 1 });
    const batch = task.makeBatch(members, 3);
    const { noisy, known } = batch as Record<string, Float32Array>;
    const { loss } = await program.run(weights, batch);
    expect(known.reduce((a, b) => a + b)).toBeGreaterThan(members.length);
    expect(loss).toBeGreaterThan(1e-4);
    // With everything known there is nothing left to learn.
    const all = { ...batch, noisy, known: known.map(() => 1) };
    expect((await program.run(weights, all)).loss).toBe(0);
    await program.dispose();
  });
});
