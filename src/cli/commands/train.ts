import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Command, Option } from "commander";
import { messageOf, UserError } from "../../base/errors.ts";
import {
  type Preset,
  parseTrainingConfig,
  presets,
  type TrainingConfig,
  trainingSchema,
} from "../../config/training.ts";
import { describeReport } from "../../data/read/report.ts";
import { openSource, resolveSource, type Source } from "../../data/source.ts";
import { ensureWritableFolder, writeFileAtomically } from "../../files/atomic.ts";
import { fileFailure } from "../../files/failure.ts";
import { type SplitDrawings, splitDrawings } from "../../training/drawings.ts";
import { configFile, openRunFolder, train } from "../../training/run.ts";
import { encodeCategory, joinCategories } from "../../training/training-set.ts";
import { addDeviceFlags, addOutputFlags, interruptSignal, namesIn, type RunFlags } from "../common.ts";
import {
  addConfigFlags,
  choiceFlag,
  configFromEnvironment,
  configFromFlags,
  numberFlag,
} from "../options.ts";
import { type Output, output } from "../output.ts";
import { duration, type ProgressBar, progressBar } from "../progress.ts";
import { drawEpochGrids, writeReport } from "../run-report.ts";

interface TrainFlags extends RunFlags {
  preset: Preset;
  config?: string;
}

/** The report compares the network's drawings with real ones that it was not trained on; one has no spread. */
const FEWEST_HELD_OUT = 2;

const presetNames = Object.keys(presets) as Preset[];

export function trainCommand(): Command {
  const command = new Command("train")
    .addOption(
      new Option("--preset <name>", `where the configuration starts from: ${presetNames.join(", ")}`)
        .argParser(choiceFlag("--preset", presetNames))
        .default("quick"),
    )
    .option("--config <file>", "a JSON file of configuration keys")
    .option("--out <folder>", "the run's folder", "runs/latest")
    .option("--resume", "continue the run in --out from its newest checkpoint, with its own configuration")
    .option(
      "--minutes <n>",
      "train about so long at most: fewer epochs where the machine is slow",
      numberFlag("--minutes", 0),
    )
    .option("--dry-run", "show the configuration and stop");
  addDeviceFlags(addOutputFlags(command));
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
      await runTraining(await resolveConfig(flags), flags);
    });
}

/**
 * Flag before environment before configuration file before preset. A resumed run's own configuration stands for the
 * environment and the preset that it was made from.
 */
async function resolveConfig(flags: TrainFlags): Promise<TrainingConfig> {
  const { preset, resume, out } = flags;
  const base = resume ? await readConfig(configFile(out)) : presets[preset];
  const environment = resume ? {} : configFromEnvironment(trainingSchema, process.env);
  const file = flags.config === undefined ? {} : await readJson(flags.config);
  if (typeof file !== "object" || file === null || Array.isArray(file)) {
    throw new UserError(`${flags.config}: expected an object of configuration keys.`);
  }
  // The file's own keys are checked first, so that the error names the file.
  if (flags.config !== undefined) parseTrainingConfig({ ...base, ...file }, flags.config);
  const given = { ...environment, ...configFromFlags(trainingSchema, { ...flags }) };
  return parseTrainingConfig({ ...base, ...file, ...given }, "configuration");
}

const readConfig = async (path: string): Promise<TrainingConfig> =>
  parseTrainingConfig(await readJson(path), path);

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((error) => {
    throw fileFailure("read", path, error);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${path}: not valid JSON (${messageOf(error)}).`);
  }
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
  const source = await chooseSource(config, to);
  const categories = await namesIn(source, config.categories);
  const resolved = parseTrainingConfig({ ...config, categories, data: source.description }, "configuration");
  const drawings = await readDrawings(source, resolved, to, signal);
  const encoded = drawings.map(({ category, train }) => {
    const fitting = encodeCategory(train, resolved);
    const left = train.length - fitting.encoded.length;
    if (left > 0)
      to.note(
        `${category}: ${left} of ${train.length} drawings do not fit into ${config.points} points and are left out.`,
      );
    return fitting;
  });
  const set = joinCategories(encoded, config.points);
  const normalisation = Object.fromEntries(
    drawings.map(({ category }, i) => [category, encoded[i].normalisation]),
  );

  let bar: ProgressBar | undefined;
  let epochs = 0;
  const run = {
    ...flags,
    folder: flags.out,
    config: resolved,
    set,
    normalisation,
    resume: flags.resume ?? false,
    signal,
  };
  for await (const event of train(run)) {
    if (event.kind === "start") {
      await writeSplits(flags.out, drawings);
      to.note(
        `Training ${(event.parameters / 1e6).toFixed(1)} M weights on ${set.labels.length} drawings in ${flags.out}` +
          (event.step > 0 ? `, from step ${event.step}.` : "."),
      );
    } else if (event.kind === "step") {
      const { step, steps, epoch, loss, epochEnd } = event.report;
      epochs = epoch + 1;
      bar ??= progressBar("train", steps, "steps", to.quiet);
      bar.update(step, `epoch ${epoch + 1}  loss ${loss.toFixed(4)}`, steps);
      if (
        epochEnd !== undefined &&
        config.drawEvery > 0 &&
        (epoch + 1) % config.drawEvery === 0 &&
        step < steps
      ) {
        await drawEpochGrids(flags.out, resolved, epoch + 1, event.average(), flags);
      }
    } else if (signal.aborted) {
      bar?.finish();
      to.note(`Saved ${event.path}; go on with: npx cizgi train --resume --out ${flags.out}`);
    }
  }
  bar?.finish();
  if (epochs > 0 && epochs < config.epochs) {
    to.note(`${epochs} of ${config.epochs} epochs fitted into ${flags.minutes} minutes.`);
  }
  const results = await writeReport(flags.out, resolved, drawings, flags, to, signal);
  to.note(`Done in ${duration((performance.now() - started) / 1000)}.`);
  const [first] = resolved.categories;
  to.result(
    `Look at ${join(flags.out, "overview.png")} and ${join(flags.out, first, "generation_0.gif")}; draw more with: npx cizgi sample "${first}" --model ${flags.out}`,
    { folder: flags.out, results },
  );
}

async function chooseSource(config: TrainingConfig, to: Output): Promise<Source> {
  if (config.data !== "") return openSource(config.data);
  const { source, why } = await resolveSource({
    categories: config.categories,
    limit: config.limit || undefined,
  });
  to.note(why);
  return source;
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
