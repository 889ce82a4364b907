import { join } from "node:path";
import { Command } from "commander";
import { at } from "../../base/at.ts";
import { UsageError } from "../../base/errors.ts";
import { inWords } from "../../families/draw-settings.ts";
import { TEN } from "../../families/preset-data.ts";
import { type FamilyName, familyNames } from "../../families/registry.ts";
import { lockFolder } from "../../files/lock.ts";
import { openJudges } from "../../metrics/classifier.ts";
import { writeEvaluationReport } from "../../report/evaluation-report.ts";
import { familiesTable, writeFamiliesReport } from "../../report/families-report.ts";
import type { Device } from "../../runtime/devices.ts";
import { type Compared, compareFamilies } from "../../workflows/compare/compare-families.ts";
import { entryName } from "../../workflows/compare/plan.ts";
import { addDeviceFlags, addOutputFlags, type CommonFlags, interruptSignal } from "../common.ts";
import { choiceFlag, integerFlag, numberFlag } from "../options.ts";
import { output } from "../output.ts";
import { shellQuoted } from "../shell.ts";

interface CompareFlags extends CommonFlags {
  families: readonly FamilyName[];
  coreMinutes: readonly number[];
  seeds?: readonly number[];
  preset: string;
  categories: string[];
  data: string;
  trainSize: number;
  heldOut: number;
  count: number;
  out: string;
  dryRun?: boolean;
  device: Device;
  threads: number;
}

const listOf =
  <T>(one: (text: string) => T) =>
  (text: string): T[] =>
    text.split(",").map((part) => one(part.trim()));

export function compareCommand(): Command {
  const command = new Command("compare")
    .option(
      "--families <a,b,c>",
      "which families; all unless given",
      listOf(choiceFlag("--families", familyNames)),
      familyNames,
    )
    .option(
      "--core-minutes <a,b,c>",
      "how long each is trained, in minutes of the processor's time; several make a curve",
      listOf(numberFlag("--core-minutes", 0)),
      [20],
    )
    .option(
      "--seeds <a,b>",
      "seeds of training, each trains every family; the preset's unless given",
      listOf(integerFlag("--seeds", 0)),
    )
    .option("--preset <name>", "where each family's configuration starts from", "ten")
    .option(
      "--categories <a,b,c>",
      'what they learn to draw; "all": all that the data has',
      listOf((name) => name),
      TEN.categories,
    )
    .option("--data <address>", "where drawings are; as for training unless given", "")
    .option(
      "--train-size <n>",
      "training drawings a category, at most",
      integerFlag("--train-size", 1),
      TEN.trainSize,
    )
    .option(
      "--held-out <share>",
      "share of the drawings held out, by the hash of their keys",
      numberFlag("--held-out", 0, 1),
      TEN.heldOut,
    )
    .option("--count <n>", "drawings on each side, at most", integerFlag("--count", 1), 1000)
    .option("--out <folder>", "where runs and results go", "runs/compare")
    .option("--dry-run", "say what would be trained and stop");
  addDeviceFlags(addOutputFlags(command));
  return command
    .addHelpText(
      "after",
      `
Trains each family on the same drawings for the same time of the processor, chooses its guidance or temperature by its training
drawings as QD sees them, and measures all of them on held-out ones as QD and QD28 see them. The same command goes on where it
was interrupted.

Examples:
  cizgi compare --threads 1
  cizgi compare --families unet1d,transformer --core-minutes 5,20 --out runs/two`,
    )
    .action(run);
}

async function run(flags: CompareFlags): Promise<void> {
  const to = output(flags);
  const { out, data: source, families, coreMinutes, seeds = [undefined], ...plan } = flags;
  const entries = seeds.flatMap((seed) =>
    coreMinutes.flatMap((minutes) => families.map((family) => ({ family, coreMinutes: minutes, seed }))),
  );
  if (new Set(entries.map(entryName)).size < entries.length)
    throw new UsageError("--families, --core-minutes and --seeds: expected each once.");
  if (flags.dryRun) {
    const total = entries.reduce((sum, entry) => sum + entry.coreMinutes, 0);
    to.result(`would train ${entries.map(entryName).join(", ")}: ${total} core-minutes, in ${out}`, {
      entries,
      total,
    });
    return;
  }
  const signal = interruptSignal();
  using _lock = await lockFolder(out);
  const judges = await openJudges(flags);
  const found = await compareFamilies(judges, { ...plan, source, entries, folder: out, signal }, to);
  for (const network of judges) await network.dispose();
  const { evaluation, neighbours, real, generated } = found.comparison;
  const rows = found.entries.map(rowOf);
  await writeEvaluationReport(out, evaluation, { real, generated: at(generated, 0), neighbours });
  await writeFamiliesReport(out, evaluation, rows, real, generated);
  to.result(familiesTable(evaluation, rows), { evaluation, families: rows });
  to.note(`Look at ${join(out, "side-by-side.png")} and ${join(out, "report.html")}
Draw more: npx cizgi sample ${shellQuoted(at(evaluation.categories, 0))} --model ${shellQuoted(join(out, at(rows, 0).name))}`);
}

const rowOf = ({ name, family, coreMinutes, seed, weights, trained, chosen }: Compared) => ({
  name,
  family,
  coreMinutes,
  seed,
  weights,
  msLearning: (60_000 * trained.coreMinutes) / Math.max(1, trained.drawings),
  msDrawing: chosen.msADrawing,
  peakMemory: trained.peakMemory,
  settings: inWords(chosen.settings),
});
