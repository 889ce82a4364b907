import { collect } from "../base/collect.ts";
import type { TrainingConfig } from "../config/training.ts";
import { readJsonLines } from "../files/jsonl.ts";
import { loadModel } from "../node/model.ts";
import { openSampler } from "../node/sample.ts";
import type { LossSeries } from "../render/chart.ts";
import {
  type CategoryMetrics,
  writeCategoryReport,
  writeEpochGrid,
  writeOverview,
} from "../report/run-report.ts";
import type { Model } from "../sampling/model.ts";
import type { Sketch } from "../sketch/sketch.ts";
import type { SplitDrawings } from "../training/drawings.ts";
import type { StepReport } from "../training/loop.ts";
import { logFile, modelFolder } from "../training/run.ts";
import type { RunFlags } from "./common.ts";
import type { Output } from "./output.ts";
import { progressBar } from "./progress.ts";

type DeviceFlags = Pick<RunFlags, "device" | "threads">;

/** Drawings of an epoch's grid. */
const EPOCH_DRAWS = 10;
/** Categories of a report: of more, as many of them evenly spread. */
const MOST_REPORTED = 24;

/** Draws each category's grid with the averaged weights after an epoch. */
export async function drawEpochGrids(
  folder: string,
  { categories, seed }: TrainingConfig,
  epoch: number,
  model: Model,
  { device, threads }: DeviceFlags,
): Promise<void> {
  const sampler = openSampler(model, { device, threads });
  for (const category of reported(categories)) {
    const drawn = await collect(sampler.sample({ category, count: EPOCH_DRAWS, seed }));
    await writeEpochGrid(folder, category, epoch, drawn);
  }
  await sampler.dispose();
}

function reported<T>(categories: readonly T[]): readonly T[] {
  const count = Math.min(categories.length, MOST_REPORTED);
  return Array.from({ length: count }, (_, i) => categories[Math.floor((i * categories.length) / count)]);
}

/** Draws with the run's model and writes the report; gives the metrics by category. */
export async function writeReport(
  folder: string,
  config: TrainingConfig,
  drawings: readonly SplitDrawings[],
  { device, threads }: DeviceFlags,
  to: Output,
  signal: AbortSignal,
): Promise<Record<string, CategoryMetrics>> {
  const model = await loadModel(modelFolder(folder));
  const { seed, draws } = config;
  const { samplingSteps, guidance } = model.config;
  const subtitle = `seed ${seed}, ${samplingSteps} steps, guidance ${guidance}; the first drawings, none picked`;
  const shown = reported(drawings);
  const bar = progressBar("draw", shown.length * draws, "drawings", to.quiet);
  const sampler = openSampler(model, { device, threads });
  const results = new Map<string, CategoryMetrics>();
  const all: { category: string; generated: Sketch[] }[] = [];
  for (const [i, { category, test }] of shown.entries()) {
    const onProgress = (share: number) => bar.update(Math.round((i + share) * draws), category);
    const generated: Sketch[] = await collect(
      sampler.sample({ category, count: draws, seed, onProgress, signal }),
    );
    all.push({ category, generated });
    const stats = model.config.normalisation[category];
    results.set(
      category,
      await writeCategoryReport(folder, { category, generated, real: test, stats, subtitle }),
    );
  }
  await sampler.dispose();
  bar.finish();
  const byCategory = Object.fromEntries(results);
  await writeOverview(folder, byCategory, all, await readLosses(folder, config), subtitle);
  return byCategory;
}

/** The coordinates' loss by step and, where the pen has one of its own, the pen's; from the run's log. */
async function readLosses(folder: string, { prediction, pen }: TrainingConfig): Promise<LossSeries[]> {
  const lines = (await readJsonLines(logFile(folder))) as StepReport[];
  const coordinates = {
    name: prediction === "v" ? "velocity" : "noise",
    points: lines.map(({ step, losses }) => ({ step, loss: losses.coordinates })),
  };
  if (pen === "channel") return [coordinates];
  return [
    coordinates,
    { name: "pen", points: lines.map(({ step, losses }) => ({ step, loss: losses.pen })) },
  ];
}
