import { join } from "node:path";
import { Command } from "commander";
import { at } from "../../base/at.ts";
import { UsageError, UserError } from "../../base/errors.ts";
import { requireCategory } from "../../data/catalogue.ts";
import { DEFAULT_PRESET } from "../../families/configure.ts";
import { requireDistillable } from "../../families/denoiser/distillation.ts";
import {
  type DenoiserModelConfig,
  type DenoiserRunConfig,
  requireDenoiser,
  requireDenoiserRun,
} from "../../families/denoisers.ts";
import type { Distillation } from "../../families/family.ts";
import { type Model, type RunConfig, requireFamily } from "../../families/registry.ts";
import type { Origin } from "../../training/origin.ts";
import { writeReport } from "../../workflows/run-report.ts";
import { isAll } from "../../workflows/source.ts";
import { distillationOf, runOf } from "../../workflows/train.ts";
import { openTrainingData, readTrainingData, writeSplits } from "../../workflows/training-data.ts";
import { addDeviceFlags, addOutputFlags, addRunFlags, interruptSignal, type RunFlags } from "../common.ts";
import { addFamilyFlags, resolveRun } from "../family.ts";
import { integerFlag, numberFlag } from "../options.ts";
import { openBeginning, readOrigin, reopenBeginning, sameAsBegun } from "../origin.ts";
import { type Output, output } from "../output.ts";
import { inRunFolder } from "../run-folder.ts";
import { shellQuoted } from "../shell.ts";
import { showTraining } from "../training-progress.ts";
import { noteLeft } from "./train.ts";

interface DistilFlags extends RunFlags {
  family?: string;
  teacher?: string;
  substeps?: number;
  maxGuidance?: number;
}

/** What a distillation is made from. */
interface Plan {
  /** Its categories are called as the teacher calls them. */
  readonly config: RunConfig;
  readonly teacher: Model;
  readonly wanted: Distillation;
}

const DEFAULT_SUBSTEPS = 2;
const DEFAULT_STEPS = 4;

/** A network that has learnt needs less than one that begins. */
const SHORTER = { epochs: 4, learningRate: 5e-4 };

export function distilCommand(): Command {
  const command = new Command("distil")
    .option("--teacher <path>", "a model or run folder; the one that ships unless given")
    .option(
      "--substeps <n>",
      `steps of the teacher in one of the student, ${DEFAULT_SUBSTEPS} unless given; 1 teaches the guidance only, at all time steps unless --sampling-steps says at which`,
      integerFlag("--substeps", 1),
    )
    .option(
      "--max-guidance <w>",
      "teach any guidance up to this instead of one; the student is conditioned on it and draws with --guidance unless told",
      numberFlag("--max-guidance", 1),
    );
  addDeviceFlags(addOutputFlags(addRunFlags(command, "runs/distilled")));
  addFamilyFlags(command);
  return command
    .addHelpText(
      "after",
      `
A student of the teacher's size that draws with fewer evaluations (--sampling-steps) and without asking twice for guidance:
that of --guidance, or any up to --max-guidance. Settings are those of train.

Examples:
  cizgi distil --substeps 1 --max-guidance 4 --minutes 45 --out runs/once
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
      `${out} was begun by an older cizgi, which did not write down its teacher; give it again with --teacher, and with it --substeps and --max-guidance where they were given.`,
    );
  const { model: teacher, origin: taught } = recorded?.model
    ? await reopenBeginning(out, recorded.model, "--teacher", flags.teacher)
    : await openBeginning(out, flags.teacher);
  const { substeps = DEFAULT_SUBSTEPS, maxGuidance } = recorded
    ? {
        substeps: sameAsBegun(out, "--substeps", flags.substeps, recorded.substeps),
        maxGuidance: sameAsBegun(out, "--max-guidance", flags.maxGuidance, recorded.maxGuidance),
      }
    : flags;
  const name = flags.teacher ?? "the teacher";
  const taughtBy = requireDenoiser(teacher.config, name);
  const { network, sampling, categories } = taughtBy;
  requireDistillable(network, name);
  // Taught nothing but guidance, a student can be asked at any time, as its teacher can.
  const steps = substeps === 1 ? network.diffusionSteps : DEFAULT_STEPS;
  const asTeacher = (base: RunConfig) => {
    const { optimisation, ...others } = requireDenoiserRun(base, "the preset");
    return {
      ...others,
      data: { ...others.data, categories },
      network,
      optimisation: { denoiser: { ...optimisation.denoiser, ...SHORTER } },
      sampling: { ...others.sampling, steps, guidance: sampling.guidance },
    };
  };
  const { family } = network;
  if (flags.family !== undefined && flags.family !== family)
    throw new UsageError(
      `--family ${flags.family}: the student begins as its teacher, which is of ${family}; leave --family out.`,
    );
  const found = await resolveRun({ ...flags, family, preset: presetFor(family) }, to, asTeacher, [
    "samplingSteps",
    "guidance",
  ]);
  const student = requireDenoiserRun(found, "the student");
  requireAsTeacher(student, taughtBy);
  const known = isAll(found.data.categories)
    ? categories
    : found.data.categories.map((category) => requireCategory(category, categories, name));
  const origin: Origin = {
    command: "distil",
    model: taught,
    substeps,
    ...(maxGuidance !== undefined && { maxGuidance }),
  };
  const config = { ...student, data: { ...student.data, categories: [...known] } };
  const wanted = wantedOf(taughtBy, student, { name, substeps, maxGuidance });
  return { config: resume && recorded === undefined ? config : { ...config, origin }, teacher, wanted };
}

async function run({ config, teacher, wanted }: Plan, flags: DistilFlags, to: Output): Promise<void> {
  const signal = interruptSignal();
  const { out } = flags;
  const { categories } = config.data;
  const opened = await openTrainingData(config, to, signal);
  const read = await readTrainingData(opened.source, opened.config, to, signal);
  // The teacher's names of the categories, not the source's.
  const resolved = { ...opened.config, data: { ...opened.config.data, categories } };
  const drawings = read.map((each, i) => ({ ...each, category: at(categories, i) }));
  const toLearn = drawings.map(({ category, train: sketches }) => ({ category, sketches }));
  const training = distillationOf(resolved, toLearn, teacher, wanted);
  noteLeft(training.left, toLearn, to);
  await showTraining(runOf(resolved, training, { ...flags, folder: out, signal }), to, {
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

/** The settings of a long training where the family has them. */
const presetFor = (family: string): string =>
  Object.hasOwn(requireFamily(family).presets, "quickdraw") ? "quickdraw" : DEFAULT_PRESET;

/**
 * The guidance that a teacher was conditioned on is no setting of its student's run.
 * @throws UserError naming the first setting of the network that is not the teacher's.
 */
function requireAsTeacher({ network }: DenoiserRunConfig, { network: taught }: DenoiserModelConfig): void {
  const own = new Map<string, unknown>(Object.entries(network));
  if (network.maxGuidance !== undefined && network.maxGuidance !== taught.maxGuidance)
    throw new UsageError(
      "maxGuidance: guidance is distilled by --max-guidance; leave it out of the network.",
    );
  for (const [key, value] of Object.entries(taught))
    if (key !== "maxGuidance" && own.get(key) !== value)
      throw new UserError(
        `${key} ${own.get(key)}: the student begins as its teacher, which has ${value}; leave ${key} out.`,
      );
}

function wantedOf(
  { network }: DenoiserModelConfig,
  { sampling: { steps, guidance } }: DenoiserRunConfig,
  { name, substeps, maxGuidance }: { name: string; substeps: number; maxGuidance: number | undefined },
): Distillation {
  const taught = network.maxGuidance;
  if (maxGuidance !== undefined && taught !== undefined)
    throw new UserError(`${name} has guidance distilled already, up to ${taught}; leave --max-guidance out.`);
  if (substeps === 1 && taught !== undefined)
    throw new UserError(
      `--substeps 1 would teach the guidance alone, which ${name} has distilled already; take 2 or more.`,
    );
  const most = maxGuidance ?? taught ?? Infinity;
  if (guidance > most)
    throw new UserError(`guidance ${guidance}: the student learns up to ${most}; take less.`);
  return { steps, substeps, guidance, ...(maxGuidance !== undefined && { maxGuidance }) };
}
