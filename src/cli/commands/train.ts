import { dirname, join } from "node:path";
import { Command, Option } from "commander";
import { UserError } from "../../base/errors.ts";
import {
  type Preset,
  parseTrainingConfig,
  presets,
  type TrainingConfig,
  trainingSchema,
} from "../../config/training.ts";
import { describeReport } from "../../data/read/report.ts";
import type { Source } from "../../data/source.ts";
import { ensureWritableFolder, writeFileAtomically } from "../../files/atomic.ts";
import { denoising, modelConfigOf } from "../../training/denoising.ts";
import { type SplitDrawings, splitDrawings } from "../../training/drawings.ts";
import { openRunFolder } from "../../training/run.ts";
import { encodeCategory, joinCategories } from "../../training/training-set.ts";
import {
  addDeviceFlags,
  addOutputFlags,
  addRunFlags,
  chooseSource,
  interruptSignal,
  namesIn,
  type RunFlags,
} from "../common.ts";
import { resolveConfig } from "../config-file.ts";
import { addConfigFlags, choiceFlag } from "../options.ts";
import { type Output, output } from "../output.ts";
import { duration, progressBar } from "../progress.ts";
import { drawEpochGrids, writeReport } from "../run-report.ts";
import { showTraining } from "../training-progress.ts";

interface TrainFlags extends RunFlags {
  preset: Preset;
}

/** The report compares the network's drawings with real ones that it was not trained on; one has no spread. */
const FEWEST_HELD_OUT = 2;

const presetNames = Object.keys(presets) as Preset[];

export function trainCommand(): Command {
  const command = new Command("train").addOption(
    new Option("--preset <name>", `where the configuration starts from: ${presetNames.join(", ")}`)
      .argParser(choiceFlag("--preset", presetNames))
      .default("quick"),
  );
  addDeviceFlags(addOutputFlags(addRunFlags(command, "runs/latest")));
  addConfigFlags(command, trainingSchema);
  return command
    .addHelpText(
      "after",
      `
A flag goes before its environment variable (in brackets), that before --config, that before --preset.

Examples:
  cizgi train                                     three categories in a few minutes
  cizgi train --preset seed --out runs/seed       the system this project starts from (hours)
  cizgi train --categories "owl,penguin" --epochs 120 --out runs/birds
  cizgi train --resume --out runs/seed            go on after an interruption`,
    )
    .action(async (flags: TrainFlags) => {
      const preset = presets[flags.preset];
      const sources = { schema: trainingSchema, parse: parseTrainingConfig, preset };
      await runTraining(await resolveConfig(sources, flags), flags);
    });
}

/** Reads the drawings, trains, draws, reports. */
export async function runTraining(config: TrainingConfig, flags: RunFlags): Promise<void> {
  const to = output(flags);
  if (flags.dryRun) {
    to.result(JSON.stringify(config, undefined, 2), config);
    return;
  }
  const started = performance.now();
  const signal = interruptSignal();
  await openRunFolder(flags.out, flags.resume ?? false);
  const source = await chooseSource(config.data, { ...config, limit: config.limit || undefined }, to);
  const categories = await namesIn(source, config.categories);
  const resolved = parseTrainingConfig({ ...config, categories, data: source.description }, "configuration");
  const drawings = await readDrawings(source, resolved, to, signal);
  const encoded = drawings.map(({ train }) => encodeCategory(train, resolved));
  const set = joinCategories(encoded, config.points);
  noteLeftOut(drawings, set.labels.length, config.points, to);
  const normalisation = Object.fromEntries(
    drawings.map(({ category }, i) => [category, encoded[i].normalisation]),
  );

  const task = denoising(resolved, set, normalisation);
  const run = { ...flags, folder: flags.out, config: resolved, task, resume: flags.resume ?? false, signal };
  await showTraining(run, to, {
    onStart: () => writeSplits(flags.out, drawings),
    async onEpoch(epoch, average) {
      if (config.drawEvery === 0 || epoch % config.drawEvery !== 0) return;
      const model = { config: modelConfigOf(resolved, normalisation), weights: average };
      await drawEpochGrids(flags.out, resolved, epoch, model, flags);
    },
    resumeWith: `npx cizgi train --resume --out ${flags.out}`,
  });
  const results = await writeReport(flags.out, resolved, drawings, flags, to, signal);
  to.note(`Done in ${duration((performance.now() - started) / 1000)}.`);
  const [first] = resolved.categories;
  to.result(
    `Look at ${join(flags.out, "overview.png")} and ${join(flags.out, first, "generation_0.gif")}; draw more with: npx cizgi sample "${first}" --model ${flags.out}, measure it with: npx cizgi evaluate --model ${flags.out}`,
    { folder: flags.out, results },
  );
}

function noteLeftOut(drawings: readonly SplitDrawings[], kept: number, points: number, to: Output): void {
  const all = drawings.reduce((sum, { train }) => sum + train.length, 0);
  if (kept < all)
    to.note(`${all - kept} of ${all} drawings do not fit into ${points} points and are left out.`);
}

async function readDrawings(
  source: Source,
  config: TrainingConfig,
  to: Output,
  signal: AbortSignal,
): Promise<SplitDrawings[]> {
  const bar = progressBar("read", undefined, "drawings", to.quiet);
  const drawings = await splitDrawings(source, config, {
    onProgress: (category, progress) => bar.update(progress.drawings, category),
    onNotice: to.note,
    signal,
  });
  bar.finish();
  for (const { category, report } of drawings) {
    if (report.skips.size > 0) to.note(`${category}: ${describeReport(report)}`);
  }
  for (const { category, test } of drawings) {
    if (test.length < FEWEST_HELD_OUT) {
      throw new UserError(
        `${category}: too few drawings: ${test.length} held out from training, the report needs ${FEWEST_HELD_OUT}; use more.`,
      );
    }
  }
  return drawings;
}

async function writeSplits(folder: string, drawings: readonly SplitDrawings[]): Promise<void> {
  for (const { category, split } of drawings) {
    const path = join(folder, "subset", category, "indices.json");
    await ensureWritableFolder(dirname(path));
    await writeFileAtomically(path, `${JSON.stringify(split)}\n`);
  }
}
