import { z } from "zod";
import { at } from "../base/at.ts";
import { checked } from "../base/check.ts";
import { collect } from "../base/collect.ts";
import type { SplitDrawings } from "../data/split-drawings.ts";
import { drawSettingsOf, inWords } from "../families/draw-settings.ts";
import type { Model, RunConfig } from "../families/registry.ts";
import { readJsonLines } from "../files/jsonl.ts";
import { loadModel } from "../node/model.ts";
import { openSession } from "../node/sample.ts";
import type { LossSeries } from "../render/chart.ts";
import {
  type CategoryMetrics,
  writeCategoryReport,
  writeEpochGrid,
  writeOverview,
} from "../report/run-report.ts";
import type { DeviceOptions } from "../runtime/devices.ts";
import type { Sketch } from "../sketch/sketch.ts";
import { logFile, modelFolder } from "../training/run.ts";
import type { Reporter } from "./reporter.ts";

/** Drawings of an epoch's grid. */
const EPOCH_DRAWS = 10;
/** Categories of a report: of more, as many of them evenly spread. */
const MOST_REPORTED = 24;

/** Draws each category's grid with the averaged weights after an epoch. */
export async function drawEpochGrids(
  folder: string,
  model: Model,
  { epoch, seed }: { readonly epoch: number; readonly seed: number },
  device: DeviceOptions,
): Promise<void> {
  const session = openSession(model, device);
  for (const category of reported(model.config.categories)) {
    const drawn = await collect(session.sample({ category, count: EPOCH_DRAWS, seed }));
    await writeEpochGrid(folder, category, epoch, drawn);
  }
  await session.dispose();
}

function reported<T>(categories: readonly T[]): readonly T[] {
  const count = Math.min(categories.length, MOST_REPORTED);
  return Array.from({ length: count }, (_, i) => at(categories, Math.floor((i * categories.length) / count)));
}

/** Draws with the run's model and writes the report; gives the metrics by category. */
export async function writeReport(
  folder: string,
  config: RunConfig,
  drawings: readonly SplitDrawings[],
  device: DeviceOptions,
  reporter: Reporter,
  signal?: AbortSignal,
): Promise<Record<string, CategoryMetrics>> {
  const model = await loadModel(modelFolder(folder));
  const { draws } = config.report;
  const seed = seedOf(config);
  const settings = inWords(drawSettingsOf(model.config, {}));
  const subtitle = `seed ${seed}, ${settings}; the first drawings, none picked`;
  const shown = reported(drawings);
  const bar = reporter.progress("draw", shown.length * draws, "drawings");
  const session = openSession(model, device);
  const results = new Map<string, CategoryMetrics>();
  const all: { category: string; generated: Sketch[] }[] = [];
  for (const [i, { category, heldOut }] of shown.entries()) {
    const onProgress = (share: number) => bar.update(Math.round((i + share) * draws), category);
    const generated: Sketch[] = await collect(
      session.sample({ category, count: draws, seed, onProgress, signal }),
    );
    all.push({ category, generated });
    const { learnt } = model.config;
    const stats = "normalisation" in learnt ? learnt.normalisation[category] : learnt;
    results.set(
      category,
      await writeCategoryReport(folder, { category, generated, real: heldOut, stats, subtitle }),
    );
  }
  await session.dispose();
  bar.finish();
  const byCategory = Object.fromEntries(results);
  await writeOverview(folder, byCategory, all, await readLosses(folder), subtitle);
  return byCategory;
}

/** What is drawn for the report is named by the seed of the last stage. */
export const seedOf = ({ optimisation }: RunConfig): number => Object.values(optimisation).at(-1)?.seed ?? 0;

const lineSchema = z.looseObject({
  stage: z.string().optional(),
  step: z.number(),
  losses: z.record(z.string(), z.number()),
});

/** The losses by step from the run's log, but for the sum of several and for those that are always 0. */
async function readLosses(folder: string): Promise<LossSeries[]> {
  const byName = new Map<string, { step: number; loss: number }[]>();
  for (const line of await readJsonLines(logFile(folder))) {
    const { stage, step, losses } = checked(lineSchema, line, logFile(folder));
    for (const [name, loss] of Object.entries(losses)) {
      const series = stage === undefined ? name : `${stage} ${name}`;
      const points = byName.get(series) ?? [];
      points.push({ step, loss });
      byName.set(series, points);
    }
  }
  const series = [...byName].map(([name, points]) => ({ name, points }));
  const learnt = series.filter(({ points }) => points.some(({ loss }) => loss !== 0));
  const parts = learnt.filter(({ name }) => !/\bloss$/.test(name));
  return parts.length > 0 ? parts : learnt;
}
