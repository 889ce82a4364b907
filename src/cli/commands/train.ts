import { join } from "node:path";
import { Command, Option } from "commander";
import { UsageError } from "../../base/errors.ts";
import {
  type Preset,
  parseTrainingConfig,
  presets,
  type TrainingConfig,
  trainingSchema,
} from "../../config/training.ts";
import { requireCategory } from "../../data/catalogue.ts";
import { fileName } from "../../files/name.ts";
import { BOUND_KEYS, denoising, modelConfigOf } from "../../training/denoising.ts";
import { weightsToStartFrom } from "../../training/start.ts";
import {
  addDeviceFlags,
  addOutputFlags,
  addRunFlags,
  interruptSignal,
  isAll,
  type RunFlags,
} from "../common.ts";
import { resolveConfig } from "../config-file.ts";
import { addConfigFlags, choiceFlag } from "../options.ts";
import {
  type Beginning,
  type Origin,
  openBeginning,
  readOrigin,
  reopenBeginning,
  sameAsBegun,
  writeOrigin,
} from "../origin.ts";
import { type Output, output } from "../output.ts";
import { duration } from "../progress.ts";
import { inRunFolder } from "../run-folder.ts";
import { drawEpochGrids, writeReport } from "../run-report.ts";
import { shellQuoted, shippedModel } from "../shell.ts";
import { openTrainingData, readTrainingData, writeSplits } from "../training-data.ts";
import { showTraining } from "../training-progress.ts";

interface TrainFlags extends RunFlags {
  preset?: Preset;
  from?: string;
}

/** What a training is made from. */
interface Plan {
  readonly config: TrainingConfig;
  readonly from: Beginning | undefined;
  /** Undefined for a run of an older cizgi. */
  readonly origin: Origin | undefined;
}

const DEFAULT_PRESET: Preset = "quick";
const presetNames = Object.keys(presets) as Preset[];

export function trainCommand(): Command {
  const command = new Command("train").addOption(
    new Option(
      "--preset <name>",
      `where the configuration of a new run starts from: ${presetNames.join(", ")}; ${DEFAULT_PRESET} unless given`,
    ).argParser(choiceFlag("--preset", presetNames)),
  );
  command.option(
    "--from <path>",
    "begin with the weights of this model or run folder, in a network as wide or wider",
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
  cizgi train --resume --out runs/seed            go on after an interruption
  cizgi train --preset quickdraw --from ${shippedModel()} --minutes 60 --out runs/longer`,
    )
    .action(async (flags: TrainFlags) => {
      const to = output(flags);
      await inRunFolder(
        flags,
        to,
        () => plan(flags, to),
        (planned) => runTraining(planned, flags, to),
      );
    });
}

async function plan(flags: TrainFlags, to: Output): Promise<Plan> {
  const { resume, out } = flags;
  if (resume && flags.preset !== undefined)
    throw new UsageError(
      `--preset ${flags.preset} is for a new run: ${out} has settings of its own; leave --preset out, or change single settings by their flags.`,
    );
  const recorded = resume ? await readOrigin(out, "train") : undefined;
  const sources = {
    schema: trainingSchema,
    parse: parseTrainingConfig,
    preset: presets[flags.preset ?? DEFAULT_PRESET],
    bound: BOUND_KEYS,
  };
  const config = await resolveConfig(sources, flags, to);
  const from = await beginning(flags, recorded);
  if (from && !isAll(config.categories))
    for (const category of config.categories)
      requireCategory(category, from.model.config.categories, "the model to start from");
  const origin: Origin = { command: "train", ...(from && { model: from.origin }) };
  return { config, from, origin: resume && recorded === undefined ? undefined : origin };
}

async function beginning(
  { out, from }: TrainFlags,
  recorded: Origin | undefined,
): Promise<Beginning | undefined> {
  if (recorded?.model) return reopenBeginning(out, recorded.model, "--from", from);
  if (recorded) sameAsBegun(out, "--from", from, undefined);
  return from === undefined ? undefined : openBeginning(out, from);
}

/** Reads the drawings, trains, draws, reports. */
async function runTraining({ config, from, origin }: Plan, flags: TrainFlags, to: Output): Promise<void> {
  const started = performance.now();
  const signal = interruptSignal();
  const { out, resume = false } = flags;
  const place = shellQuoted(out);
  const { source, config: resolved } = await openTrainingData(config, to, signal);
  const start = from && { start: weightsToStartFrom(from.model, resolved) };
  const known = from && resolved.categories.map((category) => from.model.config.normalisation[category]);
  const { drawings, set, normalisation } = await readTrainingData(
    { source, config: resolved },
    to,
    signal,
    known,
  );
  const task = { ...denoising(resolved, set, normalisation), ...start };
  if (origin) await writeOrigin(out, origin);
  const run = { ...flags, folder: out, config: resolved, task, resume, signal };
  await showTraining(run, to, {
    onStart: () => writeSplits(out, drawings),
    async onEpoch(epoch, average) {
      if (config.drawEvery === 0 || epoch % config.drawEvery !== 0) return;
      const model = { config: modelConfigOf(resolved, normalisation), weights: average };
      await drawEpochGrids(out, resolved, epoch, model, flags);
    },
    resumeWith: `npx cizgi train --resume --out ${place}`,
  });
  const results = await writeReport(out, resolved, drawings, flags, to, signal);
  to.note(`Done in ${duration((performance.now() - started) / 1000)}.`);
  const [first] = resolved.categories;
  to.result(
    `Look at ${join(out, "overview.png")} and ${join(out, fileName(first), "generation_0.gif")}
Draw more: npx cizgi sample ${shellQuoted(first)} --model ${place}
Measure:   npx cizgi evaluate --model ${place}`,
    { folder: out, results },
  );
}
