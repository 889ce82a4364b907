import { join } from "node:path";
import { Command, Option } from "commander";
import { at } from "../../base/at.ts";
import { UsageError } from "../../base/errors.ts";
import { requireCategory } from "../../data/catalogue.ts";
import { DEFAULT_PRESET } from "../../families/configure.ts";
import { families, familyOf, parseModelConfig, type RunConfig } from "../../families/registry.ts";
import { fileName } from "../../files/name.ts";
import type { Origin } from "../../training/origin.ts";
import { drawEpochGrids, seedOf, writeReport } from "../../workflows/run-report.ts";
import { isAll } from "../../workflows/source.ts";
import { runOf } from "../../workflows/train.ts";
import { openTrainingData, readTrainingData, writeSplits } from "../../workflows/training-data.ts";
import { addDeviceFlags, addOutputFlags, addRunFlags, interruptSignal, type RunFlags } from "../common.ts";
import { addFamilyFlags, resolveRun } from "../family.ts";
import { type Beginning, openBeginning, readOrigin, reopenBeginning, sameAsBegun } from "../origin.ts";
import { type Output, output } from "../output.ts";
import { duration } from "../progress.ts";
import { inRunFolder } from "../run-folder.ts";
import { shellQuoted, shippedModel } from "../shell.ts";
import { showTraining } from "../training-progress.ts";

interface TrainFlags extends RunFlags {
  family?: string;
  preset?: string;
  from?: string;
}

/** What a training is made from. */
interface Plan {
  readonly config: RunConfig;
  readonly from: Beginning | undefined;
}

const presetNames = [...new Set(Object.values(families).flatMap(({ presets }) => Object.keys(presets)))];

export function trainCommand(): Command {
  const command = new Command("train").addOption(
    new Option(
      "--preset <name>",
      `where the configuration of a new run starts from: ${presetNames.join(", ")}; ${DEFAULT_PRESET} unless given`,
    ),
  );
  command.option(
    "--from <path>",
    "begin with the weights of this model or run folder, in a network as wide or wider",
  );
  addDeviceFlags(addOutputFlags(addRunFlags(command, "runs/latest")));
  addFamilyFlags(command);
  return command
    .addHelpText(
      "after",
      `
A flag goes before its environment variable (in brackets), that before --config, that before --preset.
The settings above are those of one family; "cizgi train --family NAME --help" shows another's.

Examples:
  cizgi train                                     three categories in a few minutes
  cizgi train --preset baseline --out runs/baseline   the system this project starts from (hours)
  cizgi train --categories "owl,penguin" --epochs 120 --out runs/birds
  cizgi train --resume --out runs/birds           go on after an interruption
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
  if (flags.preset === "seed") to.note('The preset "seed" is now called "baseline".');
  const recorded = resume ? await readOrigin(out, "train") : undefined;
  const config = await resolveRun(flags, to);
  familyOf(config).requireStart(config);
  const from = await beginning(flags, recorded);
  if (from && !isAll(config.data.categories))
    for (const category of config.data.categories)
      requireCategory(category, from.model.config.categories, "the model to start from");
  const origin: Origin = { command: "train", ...(from && { model: from.origin }) };
  return { config: resume && recorded === undefined ? config : { ...config, origin }, from };
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
async function runTraining({ config, from }: Plan, flags: TrainFlags, to: Output): Promise<void> {
  const started = performance.now();
  const signal = interruptSignal();
  const { out } = flags;
  const place = shellQuoted(out);
  const { source, config: resolved } = await openTrainingData(config, to, signal);
  if (from) familyOf(resolved).requireStart(resolved, from.model);
  const drawings = await readTrainingData(source, resolved, to, signal);
  const toLearn = drawings.map(({ category, train: sketches }) => ({ category, sketches }));
  const training = familyOf(resolved).training(resolved, toLearn, from?.model);
  noteLeft(training.left, toLearn, to);
  const run = runOf(resolved, training, { ...flags, folder: out, signal });
  await showTraining(run, to, {
    onStart: () => writeSplits(out, drawings),
    async onEpoch(epoch, weights) {
      const { drawEvery } = resolved.report;
      if (drawEvery === 0 || epoch % drawEvery !== 0) return;
      const model = training.model(weights);
      const checked = { ...model, config: parseModelConfig(model.config, "the model (config)") };
      await drawEpochGrids(out, checked, { epoch, seed: seedOf(resolved) }, flags);
    },
    resumeWith: `npx cizgi train --resume --out ${place}`,
  });
  const results = await writeReport(out, resolved, drawings, flags, to, signal);
  to.note(`Done in ${duration((performance.now() - started) / 1000)}.`);
  const first = at(resolved.data.categories, 0);
  to.result(
    `Look at ${join(out, "overview.png")} and ${join(out, fileName(first), "generation_0.gif")}
Draw more: npx cizgi sample ${shellQuoted(first)} --model ${place}
Measure:   npx cizgi evaluate --model ${place}`,
    { folder: out, results },
  );
}

/** Says how many drawings are too long for the network. */
export function noteLeft(
  left: number,
  drawings: readonly { readonly sketches: readonly unknown[] }[],
  to: Output,
): void {
  const all = drawings.reduce((sum, { sketches }) => sum + sketches.length, 0);
  if (left > 0) to.note(`${left} of ${all} drawings do not fit into the network's points and are left out.`);
}
