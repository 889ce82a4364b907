import { join } from "node:path";
import { Command } from "commander";
import { UserError } from "../../base/errors.ts";
import { parseTrainingConfig, presets, type TrainingConfig, trainingSchema } from "../../config/training.ts";
import { requireCategory } from "../../data/catalogue.ts";
import type { Model } from "../../sampling/model.ts";
import { NETWORK_KEYS } from "../../training/denoising.ts";
import { type Distillation, distillation } from "../../training/distillation.ts";
import {
  addDeviceFlags,
  addOutputFlags,
  addRunFlags,
  interruptSignal,
  isAll,
  type RunFlags,
} from "../common.ts";
import { resolveConfig } from "../config-file.ts";
import { addConfigFlags, integerFlag, numberFlag } from "../options.ts";
import {
  type Origin,
  openBeginning,
  readOrigin,
  reopenBeginning,
  sameAsBegun,
  writeOrigin,
} from "../origin.ts";
import { type Output, output } from "../output.ts";
import { inRunFolder } from "../run-folder.ts";
import { writeReport } from "../run-report.ts";
import { shellQuoted } from "../shell.ts";
import { openTrainingData, readTrainingData, writeSplits } from "../training-data.ts";
import { showTraining } from "../training-progress.ts";

interface DistilFlags extends RunFlags {
  teacher?: string;
  substeps?: number;
  mostGuidance?: number;
}

/** What a distillation is made from. */
interface Plan {
  /** Its categories are called as the teacher calls them. */
  readonly config: TrainingConfig;
  readonly teacher: Model;
  readonly wanted: Distillation;
  /** Undefined for a run of an older cizgi. */
  readonly origin: Origin | undefined;
}

const DEFAULT_SUBSTEPS = 2;
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
    .option("--teacher <path>", "a model or run folder; the one that ships unless given")
    .option(
      "--substeps <n>",
      `steps of the teacher in one of the student, ${DEFAULT_SUBSTEPS} unless given; 1 teaches the guidance only, at all time steps unless --sampling-steps says at which`,
      integerFlag("--substeps", 1),
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
  cizgi distil --teacher runs/four --guidance 1 --sampling-steps 2 --out runs/two
  cizgi distil --resume --out runs/two            go on after an interruption`,
    )
    .action(async (flags: DistilFlags) => {
      const to = output(flags);
      await inRunFolder(
        flags,
        to,
        () => plan(flags, to),
        (planned) => run(planned, flags, to),
      );
    });
}

async function plan(flags: DistilFlags, to: Output): Promise<Plan> {
  const { resume, out } = flags;
  const recorded = resume ? await readOrigin(out, "distil") : undefined;
  if (resume && recorded === undefined && flags.teacher === undefined)
    throw new UserError(
      `${out} was begun by an older cizgi, which did not write down its teacher; give it again with --teacher, and with it --substeps and --most-guidance where they were given.`,
    );
  const { model: teacher, origin: taught } = recorded?.model
    ? await reopenBeginning(out, recorded.model, "--teacher", flags.teacher)
    : await openBeginning(out, flags.teacher);
  const { substeps = DEFAULT_SUBSTEPS, mostGuidance } = recorded
    ? {
        substeps: sameAsBegun(out, "--substeps", flags.substeps, recorded.substeps),
        mostGuidance: sameAsBegun(out, "--most-guidance", flags.mostGuidance, recorded.mostGuidance),
      }
    : flags;
  const name = flags.teacher ?? "the teacher";

  const own = Object.fromEntries(TAKEN_OVER.map((key) => [key, teacher.config[key]]));
  const { guidance, diffusionSteps } = teacher.config;
  // Taught nothing but guidance, a student can be asked at any time, as its teacher can.
  const samplingSteps = substeps === 1 ? diffusionSteps : preset.samplingSteps;
  const categories = [...teacher.config.categories];
  const sources = {
    schema: trainingSchema,
    parse: parseTrainingConfig,
    preset: { ...preset, categories, guidance, samplingSteps, ...own },
    bound: ["batchSize", "seed", "samplingSteps", "guidance"] as const,
  };
  const found = await resolveConfig(sources, flags, to);
  for (const key of TAKEN_OVER) {
    if (found[key] !== teacher.config[key])
      throw new UserError(
        `${key} ${found[key]}: the student begins as its teacher, which has ${teacher.config[key]}; leave ${key} out.`,
      );
  }
  if (found.prediction !== "v" || found.pen !== "channel")
    throw new UserError(
      `${name} predicts ${found.prediction} with the pen as ${found.pen}: only networks that predict v, with the pen as a channel, can be distilled.`,
    );
  const known = isAll(found.categories)
    ? categories
    : found.categories.map((category) => requireCategory(category, categories, name));
  const config = parseTrainingConfig({ ...found, categories: known }, "configuration");
  const wanted = wantedOf(teacher, config, { name, substeps, mostGuidance });
  const origin: Origin = {
    command: "distil",
    model: taught,
    substeps,
    ...(mostGuidance !== undefined && { mostGuidance }),
  };
  return { config, teacher, wanted, origin: resume && recorded === undefined ? undefined : origin };
}

async function run({ config, teacher, wanted, origin }: Plan, flags: DistilFlags, to: Output): Promise<void> {
  const signal = interruptSignal();
  const { out, resume = false } = flags;
  const { categories } = config;
  const { normalisation, categories: all } = teacher.config;
  const opened = await openTrainingData(config, to, signal);
  const known = categories.map((category) => normalisation[category]);
  const data = await readTrainingData(opened, to, signal, known);
  // The teacher's names and places of the categories, not the source's.
  const resolved = { ...opened.config, categories };
  const drawings = data.drawings.map((each, i) => ({ ...each, category: categories[i] }));
  const labels = data.set.labels.map((label) => all.indexOf(categories[label]));
  const task = distillation(resolved, { ...data.set, labels }, teacher, wanted);
  if (origin) await writeOrigin(out, origin);
  await showTraining({ ...flags, folder: out, config: resolved, task, resume, signal }, to, {
    onStart: () => writeSplits(out, drawings),
    resumeWith: `npx cizgi distil --resume --out ${shellQuoted(out)}`,
  });
  const results = await writeReport(out, resolved, drawings, flags, to, signal);
  to.result(
    `Look at ${join(out, "overview.png")}
Measure: npx cizgi evaluate --model ${shellQuoted(out)}`,
    { folder: out, results },
  );
}

function wantedOf(
  { config: teacher }: Model,
  { samplingSteps, guidance }: TrainingConfig,
  { name, substeps, mostGuidance }: { name: string; substeps: number; mostGuidance: number | undefined },
): Distillation {
  if (mostGuidance !== undefined && teacher.mostGuidance !== undefined)
    throw new UserError(
      `${name} has guidance folded in already, up to ${teacher.mostGuidance}; leave --most-guidance out.`,
    );
  if (substeps === 1 && teacher.mostGuidance !== undefined)
    throw new UserError(
      `--substeps 1 would teach the guidance alone, which ${name} has folded in already; take 2 or more.`,
    );
  const most = mostGuidance ?? teacher.mostGuidance ?? Infinity;
  if (guidance > most)
    throw new UserError(`guidance ${guidance}: the student learns up to ${most}; take less.`);
  return { steps: samplingSteps, substeps, guidance, ...(mostGuidance !== undefined && { mostGuidance }) };
}
