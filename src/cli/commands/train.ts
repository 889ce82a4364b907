import { join } from "node:path";
import { Command, Option } from "commander";
import {
  type Preset,
  parseTrainingConfig,
  presets,
  type TrainingConfig,
  trainingSchema,
} from "../../config/training.ts";
import { fileName } from "../../files/name.ts";
import { loadModel } from "../../node/model.ts";
import { denoising, modelConfigOf } from "../../training/denoising.ts";
import { openRunFolder } from "../../training/run.ts";
import { weightsToStartFrom } from "../../training/start.ts";
import { addDeviceFlags, addOutputFlags, addRunFlags, interruptSignal, type RunFlags } from "../common.ts";
import { resolveConfig } from "../config-file.ts";
import { addConfigFlags, choiceFlag } from "../options.ts";
import { output } from "../output.ts";
import { duration } from "../progress.ts";
import { drawEpochGrids, writeReport } from "../run-report.ts";
import { shellQuoted, shippedModel } from "../shell.ts";
import { readTrainingData, writeSplits } from "../training-data.ts";
import { showTraining } from "../training-progress.ts";

interface TrainFlags extends RunFlags {
  preset: Preset;
  from?: string;
}

const presetNames = Object.keys(presets) as Preset[];

export function trainCommand(): Command {
  const command = new Command("train").addOption(
    new Option("--preset <name>", `where the configuration starts from: ${presetNames.join(", ")}`)
      .argParser(choiceFlag("--preset", presetNames))
      .default("quick"),
  );
  command.option(
    "--from <path>",
    "begin with the weights of this model or run folder, in a network as wide or wider; to be given again with --resume",
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
      const preset = presets[flags.preset];
      const sources = { schema: trainingSchema, parse: parseTrainingConfig, preset };
      await runTraining(await resolveConfig(sources, flags), flags);
    });
}

/** Reads the drawings, trains, draws, reports. */
export async function runTraining(
  config: TrainingConfig,
  flags: RunFlags & { from?: string },
): Promise<void> {
  const to = output(flags);
  if (flags.dryRun) {
    to.result(JSON.stringify(config, undefined, 2), config);
    return;
  }
  const started = performance.now();
  const signal = interruptSignal();
  await openRunFolder(flags.out, flags.resume ?? false);
  const from = flags.from === undefined ? undefined : await loadModel(flags.from);
  const data = await readTrainingData(config, to, signal, from?.config.normalisation);
  const { config: resolved, drawings, set, normalisation } = data;
  const task = {
    ...denoising(resolved, set, normalisation),
    ...(from && { start: weightsToStartFrom(from, resolved) }),
  };
  const run = { ...flags, folder: flags.out, config: resolved, task, resume: flags.resume ?? false, signal };
  await showTraining(run, to, {
    onStart: () => writeSplits(flags.out, drawings),
    async onEpoch(epoch, average) {
      if (config.drawEvery === 0 || epoch % config.drawEvery !== 0) return;
      const model = { config: modelConfigOf(resolved, normalisation), weights: average };
      await drawEpochGrids(flags.out, resolved, epoch, model, flags);
    },
    // The model to start from also says how its drawings were normalised.
    resumeWith: `npx cizgi train --resume${flags.from === undefined ? "" : ` --from ${shellQuoted(flags.from)}`} --out ${shellQuoted(flags.out)}`,
  });
  const results = await writeReport(flags.out, resolved, drawings, flags, to, signal);
  to.note(`Done in ${duration((performance.now() - started) / 1000)}.`);
  const [first] = resolved.categories;
  const place = shellQuoted(flags.out);
  to.result(
    `Look at ${join(flags.out, "overview.png")} and ${join(flags.out, fileName(first), "generation_0.gif")}
Draw more: npx cizgi sample ${shellQuoted(first)} --model ${place}
Measure:   npx cizgi evaluate --model ${place}`,
    { folder: flags.out, results },
  );
}
