import { join } from "node:path";
import { Command } from "commander";
import { UserError } from "../../base/errors.ts";
import { parseTrainingConfig, presets, type TrainingConfig, trainingSchema } from "../../config/training.ts";
import { loadModel, SHIPPED_MODEL } from "../../node/model.ts";
import type { Model } from "../../sampling/model.ts";
import { NETWORK_KEYS } from "../../training/denoising.ts";
import { type Distillation, distillation } from "../../training/distillation.ts";
import { openRunFolder } from "../../training/run.ts";
import { addDeviceFlags, addOutputFlags, addRunFlags, interruptSignal, type RunFlags } from "../common.ts";
import { resolveConfig } from "../config-file.ts";
import { addConfigFlags, integerFlag, numberFlag } from "../options.ts";
import { output } from "../output.ts";
import { writeReport } from "../run-report.ts";
import { shellQuoted } from "../shell.ts";
import { readTrainingData, writeSplits } from "../training-data.ts";
import { showTraining } from "../training-progress.ts";

interface DistilFlags extends RunFlags {
  teacher: string;
  substeps: number;
  mostGuidance?: number;
}

/** What the student takes over from its teacher. */
const TAKEN_OVER = [...NETWORK_KEYS, "strokeOrder", "simplify"] as const;

/** Of `train`'s settings for all categories; a network that has learnt needs less. */
const preset: TrainingConfig = {
  ...presets.quickdraw,
  epochs: 4,
  learningRate: 5e-4,
  samplingSteps: 4,
};

export function distilCommand(): Command {
  const command = new Command("distil")
    .option("--teacher <path>", "a model or run folder; the one that ships unless given", SHIPPED_MODEL)
    .option(
      "--substeps <n>",
      "steps of the teacher in one of the student; 1 teaches the guidance only, at all time steps unless --sampling-steps says at which",
      integerFlag("--substeps", 1),
      2,
    )
    .option(
      "--most-guidance <w>",
      "teach any guidance up to this instead of one; the student is told which and draws with --guidance unless told",
      numberFlag("--most-guidance", 1),
    );
  addDeviceFlags(addOutputFlags(addRunFlags(command, "runs/distilled")));
  addConfigFlags(command, trainingSchema);
  return command
    .addHelpText(
      "after",
      `
A student of the teacher's size that draws with fewer evaluations (--sampling-steps) and without asking twice for guidance:
that of --guidance, or any up to --most-guidance. Settings are those of train.

Examples:
  cizgi distil --substeps 1 --most-guidance 4 --minutes 45 --out runs/once
  cizgi distil --guidance 2 --sampling-steps 4 --minutes 20 --out runs/four
  cizgi distil --teacher runs/four --guidance 1 --sampling-steps 2 --out runs/two`,
    )
    .action(run);
}

async function run(flags: DistilFlags): Promise<void> {
  const to = output(flags);
  const teacher = await loadModel(flags.teacher);
  const own = Object.fromEntries(TAKEN_OVER.map((key) => [key, teacher.config[key]]));
  const { guidance, diffusionSteps } = teacher.config;
  // Taught nothing but guidance, a student can be asked at any time, as its teacher can.
  const samplingSteps = flags.substeps === 1 ? diffusionSteps : preset.samplingSteps;
  const categories = [...teacher.config.categories];
  const asTeacher = { ...preset, categories, guidance, samplingSteps, ...own };
  const sources = { schema: trainingSchema, parse: parseTrainingConfig, preset: asTeacher };
  const config = await resolveConfig(sources, flags);
  for (const key of TAKEN_OVER) {
    if (config[key] !== teacher.config[key])
      throw new UserError(
        `${key} ${config[key]}: the student begins as its teacher, which has ${teacher.config[key]}; leave ${key} out.`,
      );
  }
  if (config.prediction !== "v" || config.pen !== "channel")
    throw new UserError(
      `${flags.teacher} predicts ${config.prediction} with the pen as ${config.pen}: only networks that predict v, with the pen as a channel, can be distilled.`,
    );
  const wanted = wantedOf(teacher, config, flags);
  if (flags.dryRun) {
    to.result(JSON.stringify(config, undefined, 2), config);
    return;
  }
  const signal = interruptSignal();
  await openRunFolder(flags.out, flags.resume ?? false);
  const data = await readTrainingData(config, to, signal, teacher.config.normalisation);
  const task = distillation(data.config, data.set, teacher, wanted);
  const resume = flags.resume ?? false;
  await showTraining({ ...flags, folder: flags.out, config: data.config, task, resume, signal }, to, {
    onStart: () => writeSplits(flags.out, data.drawings),
    resumeWith: `npx cizgi distil --resume --teacher ${shellQuoted(flags.teacher)} --substeps ${flags.substeps}${flags.mostGuidance === undefined ? "" : ` --most-guidance ${flags.mostGuidance}`} --out ${shellQuoted(flags.out)}`,
  });
  const results = await writeReport(flags.out, data.config, data.drawings, flags, to, signal);
  to.result(
    `Look at ${join(flags.out, "overview.png")}
Measure: npx cizgi evaluate --model ${shellQuoted(flags.out)}`,
    {
      folder: flags.out,
      results,
    },
  );
}

function wantedOf(
  { config: teacher }: Model,
  { samplingSteps, guidance }: TrainingConfig,
  flags: DistilFlags,
): Distillation {
  const { substeps, mostGuidance } = flags;
  if (mostGuidance !== undefined && teacher.mostGuidance !== undefined)
    throw new UserError(
      `${flags.teacher} has guidance folded in already, up to ${teacher.mostGuidance}; leave --most-guidance out.`,
    );
  if (substeps === 1 && teacher.mostGuidance !== undefined)
    throw new UserError(
      `--substeps 1 would teach the guidance alone, which ${flags.teacher} has folded in already; take 2 or more.`,
    );
  const most = mostGuidance ?? teacher.mostGuidance ?? Infinity;
  if (guidance > most)
    throw new UserError(`guidance ${guidance}: the student learns up to ${most}; take less.`);
  return { steps: samplingSteps, substeps, guidance, ...(mostGuidance !== undefined && { mostGuidance }) };
}
