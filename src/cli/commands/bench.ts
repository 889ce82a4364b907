import { join } from "node:path";
import { Command, Option } from "commander";
import { type Preset, presets } from "../../config/training.ts";
import type { Device } from "../../runtime/devices.ts";
import { addDeviceFlags, addOutputFlags, type CommonFlags } from "../common.ts";
import { choiceFlag, integerFlag } from "../options.ts";
import { output } from "../output.ts";
import { type ProgressBar, progressBar } from "../progress.ts";

interface BenchFlags extends CommonFlags {
  preset: Preset;
  save?: string;
  device: Device;
  threads: number;
  steps: number;
  drawings: number;
  data?: string;
}

const presetNames = Object.keys(presets) as Preset[];

export function benchCommand(): Command {
  const bench = new Command("bench").addHelpText(
    "after",
    `
Examples:
  cizgi bench train --json
  cizgi bench data
  cizgi bench sample --preset quick
  cizgi bench evaluate`,
  );
  const sub = (name: string, description: string) =>
    addOutputFlags(bench.command(name).description(description))
      .option("--save <folder>", "also write <folder>/<name>.json")
      .addHelpText("after", `\nExamples:\n  cizgi bench ${name}\n  cizgi bench ${name} --json`);
  const withPreset = (command: Command) =>
    addDeviceFlags(command).addOption(
      new Option("--preset <name>", `size of the network: ${presetNames.join(", ")}`)
        .argParser(choiceFlag("--preset", presetNames))
        .default("seed"),
    );

  withPreset(sub("train", "whole training steps against the machine's MatMul peak"))
    .option("--steps <n>", "steps timed", integerFlag("--steps", 1), 7)
    .action(train);
  sub("data", "reading and encoding on one core")
    .option("--drawings <n>", "drawings read", integerFlag("--drawings", 4), 200_000)
    .option("--data <folder>", "a folder of .ndjson files; else CIZGI_DATA, else a made-up file")
    .action(data);
  withPreset(sub("sample", "drawing with guidance 2 in 50 steps, and a single drawing"))
    .option("--drawings <n>", "drawings at once", integerFlag("--drawings", 1), 16)
    .option("--steps <n>", "network evaluations a drawing", integerFlag("--steps", 1), 50)
    .action(sample);
  addDeviceFlags(sub("evaluate", "measuring drawings against real ones: features, then all measures"))
    .option("--drawings <n>", "drawings of each set", integerFlag("--drawings", 30), 10_000)
    .action(evaluate);
  return bench;
}

async function train(flags: BenchFlags): Promise<void> {
  const { benchTrain } = await import("../../bench/train.ts");
  const bar = progressBar("bench train", flags.steps + 1, "steps", flags.quiet === true);
  const result = await benchTrain(presets[flags.preset], flags.steps, flags, (step) => bar.update(step));
  bar.finish();
  await report(result, flags);
}

async function data(flags: BenchFlags): Promise<void> {
  const { benchData } = await import("../../bench/data.ts");
  const bar = progressBar("bench data", flags.drawings, "drawings", flags.quiet === true);
  const place = flags.data ?? (process.env.CIZGI_DATA || undefined);
  const result = await benchData(flags.drawings, place, (drawings) => bar.update(drawings));
  bar.finish();
  await report(result, flags);
}

const GUIDANCE = 2;
const REPEATS = 3;

async function sample(flags: BenchFlags): Promise<void> {
  const { benchSample } = await import("../../bench/sample.ts");
  const bar = progressBar("bench sample", REPEATS, "rounds", flags.quiet === true);
  const config = presets[flags.preset];
  const result = await benchSample(config, flags.drawings, flags.steps, GUIDANCE, REPEATS, flags, (n) =>
    bar.update(n),
  );
  bar.finish();
  await report(result, flags);
}

async function evaluate(flags: BenchFlags): Promise<void> {
  const { benchEvaluate } = await import("../../bench/evaluate.ts");
  let bar: ProgressBar | undefined;
  const result = await benchEvaluate(flags.drawings, flags, (done, total) => {
    // The drawings are made up before.
    bar ??= progressBar("bench evaluate", total, "drawings", flags.quiet === true);
    bar.update(done);
  });
  bar?.finish();
  await report(result, flags);
}

async function report(result: { bench: string }, flags: BenchFlags): Promise<void> {
  const table = Object.entries(result).map(([key, value]) => `${key.padEnd(18)} ${String(value)}`);
  output(flags).result(table.join("\n"), result);
  if (flags.save === undefined) return;
  const { ensureWritableFolder, writeFileAtomically } = await import("../../files/atomic.ts");
  await ensureWritableFolder(flags.save);
  await writeFileAtomically(
    join(flags.save, `${result.bench}.json`),
    `${JSON.stringify(result, undefined, 2)}\n`,
  );
}
