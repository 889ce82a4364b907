import { Command, Option } from "commander";
import { at } from "../../base/at.ts";
import { UsageError } from "../../base/errors.ts";
import { classifierPreset } from "../../classifier/settings.ts";
import { type DrawSettings, seedKey } from "../../families/request.ts";
import { lockFolder } from "../../files/lock.ts";
import { openJudges } from "../../metrics/classifier.ts";
import { openImageNetwork } from "../../metrics/image-network/network.ts";
import { type Preprocessing, preprocessings } from "../../metrics/image-network/preprocessing.ts";
import { SHIPPED_MODEL } from "../../node/model.ts";
import { writeEvaluationReport } from "../../report/evaluation-report.ts";
import { evaluationTable } from "../../report/evaluation-table.ts";
import type { DrawFlags } from "../../workflows/contestants.ts";
import { compare, type Judges } from "../../workflows/evaluate.ts";
import { addDeviceFlags, addOutputFlags, type CommonFlags, interruptSignal } from "../common.ts";
import { addDrawFlags, choiceFlag, integerFlag, numberFlag, schemaFlag } from "../options.ts";
import { output } from "../output.ts";

interface EvaluateFlags extends CommonFlags, DrawFlags, Partial<DrawSettings> {
  model: string[];
  adapter?: string;
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
      "--adapter <path>",
      "draw also with what was taught to the first --model, else to the one that ships: a folder of adapters, or one's file",
    )
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
    .option("--features <file>", "an ONNX network of pictures in the place of both judges, such as Inception")
    .option("--output <name>", "its output with the features, where it has several")
    .addOption(
      new Option("--preprocessing <name>", `what it is fed: ${preprocessings.join(" or ")}`)
        .argParser(choiceFlag("--preprocessing", preprocessings))
        .default("pytorch-fid"),
    )
    .option(
      "--best-of <n>",
      "pick: of so many drawings by a model keep the most recognisable to QD; said in the table",
      integerFlag("--best-of", 2),
    )
    .option("--seed <n>", "seed of the drawings and of random subsets", schemaFlag("--seed", seedKey), 0)
    .option("--out <folder>", "the report's folder", "runs/evaluation");
  addDeviceFlags(addOutputFlags(addDrawFlags(command)));
  return command
    .addHelpText(
      "after",
      `
Compares drawings with held-out real ones, as two networks see them, QD and QD28; the first row, real training drawings, is what
a perfect model would score. What the numbers mean: docs/metrics.md.

Examples:
  cizgi evaluate --model runs/latest
  cizgi evaluate --real quickdraw/simplified --generated my-drawings/
  cizgi evaluate --model runs/a --model runs/b --count 300 --out comparison
  cizgi evaluate --model models/quickdraw --adapter my-doodles
  cizgi evaluate --generated my-drawings/ --features inception.onnx --preprocessing clean-fid`,
    )
    .action(run);
}

async function run(flags: EvaluateFlags): Promise<void> {
  const to = output(flags);
  const signal = interruptSignal();
  const { adapter } = flags;
  if (flags.model.length + flags.generated.length === 0 && adapter === undefined)
    throw new UsageError("say what to evaluate: --model FOLDER, --adapter FOLDER or --generated FOLDER.");
  const judges = await openNetworks(flags);
  let lock: Disposable | undefined;
  // The folder is made only once nothing can be refused any more.
  const onChecked = async () => {
    lock = await lockFolder(flags.out);
  };
  try {
    const models = [
      ...flags.model.map((path) => ({ path, settings: flags })),
      ...(adapter === undefined ? [] : [{ path: flags.model[0] ?? SHIPPED_MODEL, adapter, settings: flags }]),
    ];
    const options = { ...flags, models, signal, onChecked };
    const { evaluation, neighbours, real, generated } = await compare(judges, options, to);
    for (const network of judges) await network?.dispose();
    await writeEvaluationReport(flags.out, evaluation, { real, generated: at(generated, 0), neighbours });
    to.result(evaluationTable(evaluation), evaluation);
    to.note(`\nThe report: ${flags.out}/report.html`);
  } finally {
    lock?.[Symbol.dispose]();
  }
}

async function openNetworks(flags: EvaluateFlags): Promise<Judges> {
  const { features, output: name, preprocessing, device, threads } = flags;
  if (features === undefined) return openJudges({ device, threads });
  const options = { preprocessing, device, threads, ...(name !== undefined && { output: name }) };
  return [await openImageNetwork(features, options)];
}
