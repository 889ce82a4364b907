import { Command } from "commander";
import { at } from "../../base/at.ts";
import { UserError } from "../../base/errors.ts";
import {
  CLASSIFIER_FORMAT,
  type ClassifierTrainingConfig,
  classifierPreset,
  classifierTrainingSchema,
  parseClassifierTraining,
} from "../../classifier/settings.ts";
import { CLASSIFIER_BOUND_KEYS, classification } from "../../classifier/task.ts";
import { CATEGORIES, requireCategory } from "../../data/catalogue.ts";
import { type HeldOutSplit, heldOutSplits } from "../../data/held-out.ts";
import { describeReport } from "../../data/read/report.ts";
import type { Source } from "../../data/source.ts";
import { readJson } from "../../files/json.ts";
import {
  type ClassifierNetwork,
  openClassifier,
  SHIPPED_CLASSIFIER,
  saveClassifier,
} from "../../metrics/classifier.ts";
import { confusions, recognition } from "../../metrics/recognition.ts";
import type { Device } from "../../runtime/devices.ts";
import { configFile, modelFolder } from "../../training/run.ts";
import { chooseSource } from "../../workflows/source.ts";
import {
  addDeviceFlags,
  addOutputFlags,
  addRunFlags,
  type CommonFlags,
  interruptSignal,
  type RunFlags,
} from "../common.ts";
import { readSettings, resolveConfig } from "../config-file.ts";
import { addConfigFlags, integerFlag, numberFlag } from "../options.ts";
import { readOrigin } from "../origin.ts";
import { type Output, output } from "../output.ts";
import { inRunFolder } from "../run-folder.ts";
import { shellQuoted } from "../shell.ts";
import { showTraining } from "../training-progress.ts";

/** Held-out drawings of a category, and pairs of categories, unless told. */
const MOST = 60;
const PAIRS = 20;

export function classifierCommand(): Command {
  const train = new Command("train").description("train a classifier on all categories of a source");
  addDeviceFlags(addOutputFlags(addRunFlags(train, "runs/classifier")));
  addConfigFlags(train, classifierTrainingSchema);
  const test = new Command("test")
    .description("how many held-out drawings it names rightly, and which categories it mixes up")
    .option("--model <folder>", "a classifier's or its run's folder", SHIPPED_CLASSIFIER)
    .option("--data <address>", "where the drawings are", "")
    .option(
      "--held-out <share>",
      "share of the drawings held out from its training",
      numberFlag("--held-out", 0, 1),
      classifierPreset.heldOut,
    )
    .option(
      "--most <n>",
      "held-out drawings of a category, so that large ones do not decide",
      integerFlag("--most", 1),
      MOST,
    )
    .option("--pairs <n>", "mixed-up pairs to show", integerFlag("--pairs", 0), PAIRS);
  addDeviceFlags(addOutputFlags(test));
  return new Command("classifier")
    .addCommand(train.action(runTrain))
    .addCommand(test.action(runTest))
    .addHelpText(
      "after",
      `
The network whose features the metrics use (docs/metrics.md): it names the category of a drawing from its picture.

Examples:
  cizgi classifier test --data quickdraw/simplified
  cizgi classifier train --out runs/classifier --minutes 90
  cizgi classifier train --resume --out runs/classifier`,
    );
}

async function runTrain(flags: RunFlags): Promise<void> {
  const to = output(flags);
  await inRunFolder(
    flags,
    to,
    () => planTrain(flags, to),
    (plan) => trainPlanned(plan, flags, to),
  );
}

async function planTrain(flags: RunFlags, to: Output): Promise<{ config: ClassifierTrainingConfig }> {
  if (flags.resume) await readOrigin(flags.out, "classifier train");
  const file = configFile(flags.out);
  const sources = {
    schema: classifierTrainingSchema,
    parse: parseClassifierTraining,
    base: flags.resume ? parseClassifierTraining(await readJson(file), file) : classifierPreset,
    file: await readSettings(flags),
    bound: CLASSIFIER_BOUND_KEYS,
  };
  const config = await resolveConfig(sources, flags, to);
  return { config: { ...config, origin: { command: "classifier train" } } };
}

async function trainPlanned(
  { config }: { config: ClassifierTrainingConfig },
  flags: RunFlags,
  to: Output,
): Promise<void> {
  const signal = interruptSignal();
  const source = await chooseSource(config.data, { categories: CATEGORIES }, to, signal);
  const splits = await readSplits(source, config.heldOut, config.trainSize, to, signal);
  const categories = splits.map(({ category }) => category);
  if (categories.length < 2)
    throw new UserError(
      `${source.description}: a classifier needs at least 2 categories to tell apart, found ${categories.join() || "none"}.`,
    );
  const resolved = { ...config, data: source.description };
  const sketches = splits.flatMap(({ train }) => train);
  const labels = Uint16Array.from(splits.flatMap(({ train }, label) => train.map(() => label)));
  const task = classification(resolved, { sketches, labels, categories });
  const folder = flags.out;
  const run = {
    ...flags,
    folder,
    config: resolved,
    stages: [{ name: "classifier", optimisation: resolved, begin: () => task }],
    save: (weights: readonly Float32Array[]) =>
      saveClassifier(modelFolder(folder), modelConfigOf(resolved, categories), at(weights, 0)),
    resume: flags.resume ?? false,
    signal,
  };
  await showTraining(run, to, {
    resumeWith: `npx cizgi classifier train --resume --out ${shellQuoted(flags.out)}`,
  });
  const network = await openClassifier(modelFolder(flags.out), flags);
  await reportAccuracy(network, splits, { most: MOST, pairs: PAIRS }, to, signal);
}

const modelConfigOf = (config: ClassifierTrainingConfig, categories: readonly string[]) => ({
  format: CLASSIFIER_FORMAT,
  family: "classifier" as const,
  categories: [...categories],
  architecture: config.architecture,
  pictureSize: config.pictureSize,
  margin: config.margin,
  lineWidth: config.lineWidth,
  baseChannels: config.baseChannels,
  normGroups: config.normGroups,
});

interface TestFlags extends CommonFlags {
  model: string;
  data: string;
  heldOut: number;
  most: number;
  pairs: number;
  device: Device;
  threads: number;
}

async function runTest(flags: TestFlags): Promise<void> {
  const to = output(flags);
  const signal = interruptSignal();
  const network = await openClassifier(flags.model, flags);
  const source = await chooseSource(flags.data, { categories: CATEGORIES }, to, signal);
  for (const category of await source.categories())
    requireCategory(category, network.categories, network.name);
  await reportAccuracy(network, await readSplits(source, flags.heldOut, 0, to, signal), flags, to, signal);
}

/** Every category of the source that Quick, Draw! has, split; at most `mostTraining` training drawings of each are kept. */
async function readSplits(
  source: Source,
  fraction: number,
  mostTraining: number,
  to: Output,
  signal: AbortSignal,
): Promise<HeldOutSplit[]> {
  const categories = await source.categories();
  const bar = to.progress("read", categories.length, "categories");
  const splits: HeldOutSplit[] = [];
  for await (const split of heldOutSplits(
    source,
    { categories, fraction, mostTraining },
    { onNotice: to.note, signal },
  )) {
    splits.push(split);
    bar.update(splits.length, split.category);
    if (split.report.skips.size > 0) to.note(`${split.category}: ${describeReport(split.report)}`);
  }
  bar.finish();
  if (splits.every(({ heldOut }) => heldOut.length === 0))
    throw new UserError("no drawings are held out: use more, or a larger --held-out.");
  return splits;
}

/** Says how many of the held-out drawings a classifier names rightly, of all and of those that the game recognised. */
async function reportAccuracy(
  network: ClassifierNetwork,
  splits: readonly HeldOutSplit[],
  { most, pairs }: Pick<TestFlags, "most" | "pairs">,
  to: Output,
  signal: AbortSignal,
): Promise<void> {
  const { categories, name, hash } = network;
  const labelled = splits.flatMap(({ category, heldOut }) => {
    const label = categories.indexOf(requireCategory(category, categories, name));
    return heldOut.slice(0, most).map((sketch) => ({ sketch, label }));
  });
  // Those that the game recognised come first, so that their answers are one piece.
  labelled.sort((a, b) => Number(b.sketch.recognized === true) - Number(a.sketch.recognized === true));
  const count = labelled.filter(({ sketch }) => sketch.recognized === true).length;

  const bar = to.progress("recognise", labelled.length, "drawings");
  const { logits } = await network.describe(
    labelled.map(({ sketch }) => sketch),
    { onProgress: (done) => bar.update(done), signal },
  );
  bar.finish();
  await network.dispose();
  const labels = Uint32Array.from(labelled, ({ label }) => label);
  const answers = { logits, labels, categories };
  const first = {
    ...answers,
    logits: logits.subarray(0, count * categories.length),
    labels: labels.subarray(0, count),
  };
  const share = ({ top1, top5 }: { top1: number; top5: number }) => ({ top1, top5 });
  const all = { count: labelled.length, ...share(recognition(answers)) };
  const recognised = count > 0 ? { count, ...share(recognition(first)) } : undefined;
  const mixedUp = confusions(answers, pairs);
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  const line = (what: string, { count: n, top1, top5 }: typeof all) =>
    `${what}: top-1 ${percent(top1)}, top-5 ${percent(top5)} (${n} drawings)`;
  to.result(
    [
      `Classifier ${name} ${hash}, ${categories.length} categories, held-out drawings`,
      line("all", all),
      ...(recognised ? [line("those that Quick, Draw!'s game recognised", recognised)] : []),
      ...(mixedUp.length > 0 ? ["", "most often mixed up:"] : []),
      ...mixedUp.map(({ asked: a, said, count: n, share: of }) => `  ${a} → ${said}: ${n} (${percent(of)})`),
    ].join("\n"),
    { name, hash, all, recognised, confusions: mixedUp },
  );
}
