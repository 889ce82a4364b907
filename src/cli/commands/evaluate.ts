import { basename } from "node:path";
import { Command, Option } from "commander";
import { UsageError } from "../../base/errors.ts";
import { classifierPreset } from "../../config/classifier.ts";
import { plainName } from "../../data/catalogue.ts";
import { lockFolder } from "../../files/lock.ts";
import { balancedCounts, inTurn, takeInTurn } from "../../metrics/balance.ts";
import { requireKnown } from "../../metrics/best-of.ts";
import { openClassifier } from "../../metrics/classifier.ts";
import { type DrawingSet, evaluate } from "../../metrics/evaluate.ts";
import { openImageNetwork } from "../../metrics/image-network/network.ts";
import { type Preprocessing, preprocessings } from "../../metrics/image-network/preprocessing.ts";
import { LEAST_DRAWINGS } from "../../metrics/neighbours.ts";
import { writeEvaluationReport } from "../../report/evaluation-report.ts";
import { evaluationTable } from "../../report/evaluation-table.ts";
import { seedKey } from "../../sampling/request.ts";
import type { Sketch } from "../../sketch/sketch.ts";
import { addDeviceFlags, addOutputFlags, type CommonFlags, interruptSignal } from "../common.ts";
import { type Contestant, type DrawFlags, folderContestant, modelContestant } from "../contestants.ts";
import { addDrawFlags, choiceFlag, integerFlag, numberFlag, schemaFlag } from "../options.ts";
import { output } from "../output.ts";
import { type ProgressBar, progressBar } from "../progress.ts";
import { type RealDrawings, readRealDrawings, runConfig } from "../real-drawings.ts";

interface EvaluateFlags extends CommonFlags, DrawFlags {
  model: string[];
  generated: string[];
  real: string;
  heldOut: number;
  categories?: string[];
  count: number;
  training: number;
  features?: string;
  output?: string;
  preprocessing: Preprocessing;
  out: string;
}

const several = (value: string, before: string[]): string[] => [...before, value];

export function evaluateCommand(): Command {
  const command = new Command("evaluate")
    .option("--model <path>", "a model or run folder to draw with; may be given again", several, [])
    .option(
      "--generated <folder>",
      "drawings by any system: <category>.ndjson files; may be given again",
      several,
      [],
    )
    .option("--real <address>", "where real drawings are; as for training unless given", "")
    .option(
      "--held-out <share>",
      "share of the real drawings held out, by the hash of their keys; a run has its own split",
      numberFlag("--held-out", 0, 1),
      classifierPreset.heldOut,
    )
    .option(
      "--categories <a,b,c>",
      "what to compare; all that the sets have in common unless given",
      (text) => text.split(",").map((name) => name.trim()),
    )
    .option("--count <n>", "drawings of each set, at most", integerFlag("--count", 1), 10_000)
    .option(
      "--training <n>",
      "training drawings that novelty is measured against, at most",
      integerFlag("--training", 0),
      10_000,
    )
    .option("--features <file>", "an ONNX network of pictures in the place of QD, such as Inception")
    .option("--output <name>", "its output with the features, where it has several")
    .addOption(
      new Option("--preprocessing <name>", `what it is fed: ${preprocessings.join(" or ")}`)
        .argParser(choiceFlag("--preprocessing", preprocessings))
        .default("pytorch-fid"),
    )
    .option(
      "--best-of <n>",
      "pick: of so many drawings by a model keep the most recognisable; said in the table",
      integerFlag("--best-of", 2),
    )
    .option("--seed <n>", "seed of the drawings and of random subsets", schemaFlag("--seed", seedKey), 0)
    .option("--out <folder>", "the report's folder", "runs/evaluation");
  addDeviceFlags(addOutputFlags(addDrawFlags(command)));
  return command
    .addHelpText(
      "after",
      `
Compares drawings with held-out real ones; the first row, real training drawings, is what a perfect model would score.
What the numbers mean: docs/metrics.md.

Examples:
  cizgi evaluate --model runs/latest
  cizgi evaluate --real quickdraw/simplified --generated my-drawings/
  cizgi evaluate --model runs/a --model runs/b --count 300 --out comparison
  cizgi evaluate --generated my-drawings/ --features inception.onnx --preprocessing clean-fid`,
    )
    .action(run);
}

async function run(flags: EvaluateFlags): Promise<void> {
  const to = output(flags);
  const signal = interruptSignal();
  if (flags.model.length + flags.generated.length === 0)
    throw new UsageError("say what to evaluate: --model FOLDER or --generated FOLDER.");
  const network = await openNetwork(flags);
  const runs = (await Promise.all(flags.model.map(runConfig))).flatMap((config) => config ?? []);
  const contestants = [
    ...(await Promise.all(flags.model.map((path) => modelContestant(path, network, flags, to, signal)))),
    ...(await Promise.all(flags.generated.map((path) => folderContestant(path, to, signal)))),
  ];
  const names = contestants.map(({ path }) => basename(path));
  const categories = commonCategories(contestants, flags.categories);
  if (flags.bestOf !== undefined) for (const category of categories) requireKnown(network, category);
  const generatedOf = (category: string) => contestants.map((contestant) => contestant.available(category));
  balancedCounts(categories, categories.map(generatedOf), flags.count, LEAST_DRAWINGS);
  // What cannot be is said before the reading and the drawing, which may take hours; only then a folder is made.
  using _lock = await lockFolder(flags.out);
  const real = await readRealDrawings(runs, categories, flags, to, signal);
  const available = categories.map((category, i) => [
    real.heldOut[i].length,
    real.training[i].length,
    ...generatedOf(category),
  ]);
  const counts = balancedCounts(categories, available, flags.count, LEAST_DRAWINGS);
  const labels = inTurn(counts);
  const generated: DrawingSet[] = [];
  for (const [i, { path, description, draw }] of contestants.entries()) {
    const sketches = takeInTurn(await draw(counts, categories), labels);
    // Its folder's name, where no other has the same.
    const name = names.filter((other) => other === names[i]).length > 1 ? path : names[i];
    generated.push({ name, description, sketches });
  }
  const request = {
    network,
    categories,
    labels,
    reference: {
      name: "held-out real drawings",
      description: `held-out real drawings: ${real.split}`,
      sketches: takeInTurn(real.heldOut, labels),
    },
    floor: {
      name: "real training drawings",
      description: "what a perfect model would score",
      sketches: takeInTurn(real.training, labels),
    },
    training: trainingSample(real, flags.training),
    generated,
    seed: flags.seed,
    ...(flags.bestOf !== undefined && { bestOf: flags.bestOf }),
  };
  const bar = progressBar(
    "look",
    (2 + generated.length) * labels.length + request.training.length,
    "drawings",
    to.quiet,
  );
  let measuring: ProgressBar | undefined;
  const { evaluation, neighbours } = await evaluate(request, {
    onProgress(done, total) {
      bar.update(done);
      if (done === total) bar.finish();
    },
    onMeasured(sets) {
      measuring ??= progressBar("measure", 1 + generated.length, "sets", to.quiet);
      measuring.update(sets);
    },
    signal,
  });
  measuring?.finish();
  await network.dispose();
  const shown = (set: DrawingSet) =>
    categories.map((category, label) => ({
      category,
      sketches: set.sketches.filter((_, i) => labels[i] === label),
    }));
  await writeEvaluationReport(flags.out, evaluation, {
    real: shown(request.reference),
    generated: shown(generated[0]),
    neighbours,
  });
  to.result(evaluationTable(evaluation), evaluation);
  to.note(`\nThe report: ${flags.out}/report.html`);
}

const openNetwork = ({ features, output: name, preprocessing, device, threads }: EvaluateFlags) =>
  features === undefined
    ? openClassifier(undefined, { device, threads })
    : openImageNetwork(features, {
        preprocessing,
        device,
        threads,
        ...(name !== undefined && { output: name }),
      });

/** The asked categories, or all that every contestant has. */
function commonCategories(
  contestants: readonly Contestant[],
  asked: readonly string[] | undefined,
): readonly string[] {
  const [first, ...others] = contestants;
  const common = first.categories.filter((name) =>
    others.every(({ categories }) => categories.includes(name)),
  );
  const spelled = new Map(common.map((name) => [plainName(name), name]));
  const chosen = asked?.map((name) => spelled.get(plainName(name)) ?? name) ?? common;
  const missing = chosen.find((name) => !common.includes(name));
  if (new Set(chosen).size < chosen.length)
    throw new UsageError(`--categories: expected each category once, found ${chosen.join(", ")}.`);
  if (missing !== undefined)
    throw new UsageError(
      `--categories: not every set has "${missing}"; they have in common: ${common.join(", ") || "none"}.`,
    );
  if (chosen.length === 0)
    throw new UsageError("the sets have no category in common; give --categories or other sets.");
  return chosen;
}

/** Training drawings of all categories in turn. */
function trainingSample({ categories, training }: RealDrawings, most: number): Sketch[] {
  if (most === 0) return [];
  const counts = balancedCounts(
    categories,
    training.map(({ length }) => [length]),
    most,
  );
  return takeInTurn(training, inTurn(counts));
}
