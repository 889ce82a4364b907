import { basename } from "node:path";
import { Command, Option } from "commander";
import { collect } from "../../base/collect.ts";
import { UsageError } from "../../base/errors.ts";
import { classifierPreset } from "../../config/classifier.ts";
import { openSource } from "../../data/source.ts";
import { ensureWritableFolder } from "../../files/atomic.ts";
import { balancedCounts, inTurn, takeInTurn } from "../../metrics/balance.ts";
import { bestOf, requireKnown } from "../../metrics/best-of.ts";
import { openClassifier } from "../../metrics/classifier.ts";
import { type DrawingSet, evaluate } from "../../metrics/evaluate.ts";
import type { FeatureNetwork } from "../../metrics/features.ts";
import { openImageNetwork } from "../../metrics/image-network/network.ts";
import { type Preprocessing, preprocessings } from "../../metrics/image-network/preprocessing.ts";
import { writeEvaluationReport } from "../../report/evaluation-report.ts";
import { evaluationTable } from "../../report/evaluation-table.ts";
import type { Device } from "../../runtime/devices.ts";
import { loadModel, type Model } from "../../sampling/model.ts";
import { sample } from "../../sampling/sample.ts";
import type { Sketch } from "../../sketch/sketch.ts";
import { addDeviceFlags, addOutputFlags, type CommonFlags, interruptSignal } from "../common.ts";
import { choiceFlag, integerFlag, numberFlag } from "../options.ts";
import { type Output, output } from "../output.ts";
import { progressBar } from "../progress.ts";
import { type RealDrawings, readRealDrawings, runConfig } from "../real-drawings.ts";

interface EvaluateFlags extends CommonFlags {
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
  bestOf?: number;
  steps?: number;
  guidance?: number;
  eta?: number;
  seed: number;
  out: string;
  device: Device;
  threads: number;
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
    .option(
      "--steps <n>",
      "network evaluations a drawing; the model's own unless given",
      integerFlag("--steps", 1),
    )
    .option("--guidance <w>", "weight of classifier-free guidance; 1: none", numberFlag("--guidance", 0))
    .option("--eta <n>", "fresh noise in every step, 0 to 1", numberFlag("--eta", 0, 1))
    .option("--seed <n>", "seed of the drawings and of random subsets", integerFlag("--seed", 0), 0)
    .option("--out <folder>", "the report's folder", "runs/evaluation");
  addDeviceFlags(addOutputFlags(command));
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

/** Something to be measured, before its drawings are there. */
interface Contestant {
  readonly name: string;
  readonly categories: readonly string[];
  /** Drawings that it has of each category; Infinity for a model. */
  available(category: string): number;
  /** So many drawings of each category. */
  draw(counts: readonly number[], categories: readonly string[]): Promise<Sketch[][]>;
  readonly description: string;
}

async function run(flags: EvaluateFlags): Promise<void> {
  const to = output(flags);
  const signal = interruptSignal();
  if (flags.model.length + flags.generated.length === 0)
    throw new UsageError("say what to evaluate: --model FOLDER or --generated FOLDER.");
  const network = await openNetwork(flags);
  const runs = (await Promise.all(flags.model.map(runConfig))).flatMap((config) => config ?? []);
  const contestants = [
    ...(await Promise.all(flags.model.map((path) => model(path, network, flags, to, signal)))),
    ...(await Promise.all(flags.generated.map((path) => folder(path, signal)))),
  ];
  const categories = commonCategories(contestants, flags.categories);
  // What cannot be chosen or written is said before the drawing, which may take hours.
  if (flags.bestOf !== undefined) for (const category of categories) requireKnown(network, category);
  await ensureWritableFolder(flags.out);
  const real = await readRealDrawings(runs, categories, flags, to, signal);
  const available = categories.map((category, i) => [
    real.heldOut[i].length,
    real.training[i].length,
    ...contestants.map((contestant) => contestant.available(category)),
  ]);
  const counts = balancedCounts(categories, available, flags.count);
  const labels = inTurn(counts);
  const generated: DrawingSet[] = [];
  for (const contestant of contestants) {
    const sketches = takeInTurn(await contestant.draw(counts, categories), labels);
    generated.push({ name: contestant.name, description: contestant.description, sketches });
  }
  const request = {
    network,
    categories,
    labels,
    reference: {
      name: "held-out real drawings",
      description: `real drawings of ${real.split}`,
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
  const { evaluation, neighbours } = await evaluate(request, {
    onProgress: (done) => bar.update(done),
    signal,
  });
  bar.finish();
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
  const chosen = asked ?? common;
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

async function model(
  path: string,
  network: FeatureNetwork,
  flags: EvaluateFlags,
  to: Output,
  signal: AbortSignal,
): Promise<Contestant> {
  const loaded = await loadModel(path);
  const { config } = loaded;
  const { steps = config.samplingSteps, guidance = config.guidance, eta = config.eta, seed } = flags;
  const candidates = flags.bestOf ?? 1;
  return {
    name: basename(path),
    categories: config.categories,
    available: () => Infinity,
    description: `drawn by ${path} with ${steps} steps, guidance ${guidance}, eta ${eta}, seed ${seed}`,
    async draw(counts, categories) {
      const total = candidates * counts.reduce((a, b) => a + b, 0);
      const bar = progressBar(`draw ${basename(path)}`, total, "drawings", to.quiet);
      const drawn: Sketch[][] = [];
      let before = 0;
      for (const [i, category] of categories.entries()) {
        const count = counts[i] * candidates;
        const onProgress = (share: number) => bar.update(before + Math.round(share * count), category);
        const settings = { category, count, steps, guidance, eta, seed, onProgress, signal };
        const sketches = await draw(loaded, { ...settings, device: flags.device, threads: flags.threads });
        drawn.push(
          candidates > 1 ? await bestOf(network, category, sketches, candidates, { signal }) : sketches,
        );
        before += count;
      }
      bar.finish();
      return drawn;
    },
  };
}

const draw = (loaded: Model, options: Parameters<typeof sample>[1]): Promise<Sketch[]> =>
  collect(sample(loaded, options));

/** Any system's drawings, as files. */
async function folder(path: string, signal: AbortSignal): Promise<Contestant> {
  const source = await openSource(path);
  const categories = await source.categories();
  const sketches = new Map<string, Sketch[]>();
  for (const category of categories) {
    const drawings = await collect(source.drawings(category, { signal }));
    sketches.set(
      category,
      drawings.map(({ sketch }) => sketch),
    );
  }
  return {
    name: basename(path),
    categories,
    available: (category) => sketches.get(category)?.length ?? 0,
    description: `drawings of ${path}, the first ones of each file`,
    draw: async (counts, names) => names.map((name, i) => sketches.get(name)?.slice(0, counts[i]) ?? []),
  };
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
