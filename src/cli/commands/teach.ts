import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { Command } from "commander";
import { UsageError } from "../../base/errors.ts";
import { seedKey } from "../../families/request.ts";
import { fileFailure } from "../../files/failure.ts";
import { lockFolder } from "../../files/lock.ts";
import { saveAdapter } from "../../node/adapter.ts";
import { loadModel, SHIPPED_MODEL } from "../../node/model.ts";
import type { Device } from "../../runtime/devices.ts";
import type { Sketch } from "../../sketch/sketch.ts";
import { importSketches } from "../../workflows/import-sketches.ts";
import type { Likeness } from "../../workflows/likeness.ts";
import type { Progress } from "../../workflows/reporter.ts";
import { DEFAULT_RANK, DEFAULT_STEPS, teach } from "../../workflows/teach.ts";
import { addDeviceFlags, addOutputFlags, type CommonFlags, interruptSignal } from "../common.ts";
import { addModelFlags, type ModelFlags, modelPath } from "../model-flags.ts";
import { integerFlag, schemaFlag } from "../options.ts";
import { type Output, output } from "../output.ts";
import { shellQuoted } from "../shell.ts";

interface TeachFlags extends CommonFlags, ModelFlags {
  drawings?: string;
  out: string;
  rank: number;
  steps: number;
  seed: number;
  device: Device;
  threads: number;
}

export function teachCommand(): Command {
  const command = addModelFlags(
    new Command("teach")
      .argument("<category>", "what the drawings show: a new name, or one that the model knows")
      .option("--drawings <path>", "a file of drawings, or a folder of such files: 5 to 50 drawings"),
  )
    .option("--out <folder>", "where its adapter goes; several may lie there", "my-doodles")
    .option("--rank <n>", "rank of the adapter's low-rank parts", integerFlag("--rank", 1), DEFAULT_RANK)
    .option("--steps <n>", "training steps, in whole twenties", integerFlag("--steps", 1), DEFAULT_STEPS)
    .option("--seed <n>", "seed of everything random", schemaFlag("--seed", seedKey), 0);
  addDeviceFlags(addOutputFlags(command));
  return command
    .addHelpText(
      "after",
      `
The model stays as it is; what is taught is a small file beside it. What it does and how well: docs/teach.md.

Examples:
  cizgi teach snail --drawings snails.svg
  cizgi sample snail --adapter my-doodles --count 16
  cizgi teach cat --drawings my-cats/ --out my-style`,
    )
    .action(run);
}

async function run(category: string, flags: TeachFlags): Promise<void> {
  const to = output(flags);
  const { drawings: path, out, rank, steps, seed, device, threads } = flags;
  if (path === undefined)
    throw new UsageError("say what to teach with: --drawings FILE or --drawings FOLDER.");
  const drawings = await importSketches(await filesOf(path), {}, to);
  const from = modelPath(flags);
  const model = await loadModel(from);
  using _lock = await lockFolder(out);
  const signal = interruptSignal();
  const modelName = from === SHIPPED_MODEL ? "the model that ships" : basename(from);
  const wanted = { category, drawings, model, modelName, rank, steps, seed, device, threads, signal };
  let bar: Progress | undefined;
  let heldOut = "";
  for await (const event of teach(wanted)) {
    if (event.kind === "step") {
      bar ??= to.progress("teach", event.steps, "steps");
      if (event.heldOutLoss !== undefined) heldOut = `  held out ${event.heldOutLoss.toFixed(4)}`;
      bar.update(event.step, `loss ${event.loss.toFixed(4)}${heldOut}`);
      continue;
    }
    bar?.finish();
    const { config } = event.adapter;
    const file = await saveAdapter(out, event.adapter);
    noteTaught(config.taught, event.likeness, drawings, to);
    to.result(
      `${file}\nDraw: npx cizgi sample ${shellQuoted(config.category)} --adapter ${shellQuoted(out)} --count 16`,
      { file, ...config },
    );
  }
}

/** Says what was learnt, and honestly where that is little. */
function noteTaught(
  { drawings: learnt, heldOut, steps }: { drawings: number; heldOut: number; steps: number },
  { ratio, copies, drawn, memorised }: Likeness,
  drawings: readonly Sketch[],
  { note }: Output,
): void {
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  note(
    `Learnt from ${learnt} drawings in ${steps} steps, ${heldOut} held out. Novelty ${ratio.toFixed(2)} (1: as new as your drawings are to each other, 0: repeated), copies ${percent(copies)} of ${drawn.length}.`,
  );
  if (memorised)
    note(
      `Drawing ${1 + drawings.indexOf(memorised.drawing)} is repeated most, ${memorised.copies} times: teach with more drawings, or leave it out.`,
    );
  if (copies > MANY_COPIES)
    note(
      `${learnt + heldOut} drawings are too few: much of what is drawn repeats them. 20 and more do better.`,
    );
}

const MANY_COPIES = 0.25;

/** The files of a folder, in the order of their names, or the one file. */
async function filesOf(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = await readdir(path);
    return names
      .filter((name) => !name.startsWith("."))
      .sort(new Intl.Collator("en", { numeric: true }).compare)
      .map((name) => join(path, name));
  } catch (error) {
    throw fileFailure("read drawings from", path, error);
  }
}
