import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Command, Option } from "commander";
import { at } from "../../base/at.ts";
import { runSuite } from "../../bench/suite.ts";
import { targetsTable } from "../../bench/targets.ts";
import { configure } from "../../families/configure.ts";
import { DEFAULT_FAMILY, type RunConfig, requireFamily } from "../../families/registry.ts";
import { ensureWritableFolder, writeFileAtomically } from "../../files/atomic.ts";
import type { Device } from "../../runtime/devices.ts";
import type { Progress } from "../../workflows/reporter.ts";
import { addDeviceFlags, addOutputFlags, type CommonFlags } from "../common.ts";
import { Interruption } from "../interruption.ts";
import { choiceFlag, integerFlag, integersFlag } from "../options.ts";
import { output } from "../output.ts";
import { progressBar } from "../progress.ts";

interface BenchFlags extends CommonFlags {
  preset: string;
  save?: string;
  device: Device;
  threads: number;
  steps: number;
  rounds: number;
  batchSize?: number;
  drawings: number;
  counts: number[];
  python: string;
  data?: string;
}

const presetNames = Object.keys(requireFamily(DEFAULT_FAMILY).presets);

export function benchCommand(): Command {
  const bench = new Command("bench")
    .option("--out <folder>", "where all benches leave their results", "bench/results")
    .option("--python <command>", "a Python that has PyTorch, to compare with", "python3")
    .addHelpText(
      "after",
      `
Without a name all benches run, one after the other, about ten minutes; a table of what they found is printed.

Examples:
  cizgi bench --out results --python /usr/bin/python3
  cizgi bench train --json
  cizgi bench sample --preset quick
  cizgi bench pytorch --python /usr/bin/python3`,
    )
    .action(runAll);
  const sub = (name: string, description: string) =>
    addOutputFlags(bench.command(name).description(description))
      .option("--save <folder>", "also write <folder>/<name>.json")
      .hook("preAction", async (_, called) => {
        const { save } = called.opts();
        if (save !== undefined) await ensureWritableFolder(save);
      })
      .addHelpText("after", `\nExamples:\n  cizgi bench ${name}\n  cizgi bench ${name} --json`);
  const withPreset = (command: Command, preset: string) =>
    command
      .addOption(
        new Option("--preset <name>", `size of the network: ${presetNames.join(", ")}`)
          .argParser(choiceFlag("--preset", presetNames))
          .default(preset),
      )
      .option("--batch-size <n>", "drawings of a training step", integerFlag("--batch-size", 1));
  const withSteps = (command: Command, steps: number) =>
    command.option("--steps <n>", "steps timed", integerFlag("--steps", 1), steps);

  addDeviceFlags(
    withSteps(
      withPreset(sub("train", "whole training steps against the machine's MatMul peak"), "baseline"),
      7,
    ),
  ).action(train);
  withSteps(
    withPreset(sub("pytorch", "training steps in turns with PyTorch's of the same network"), "baseline"),
    9,
  )
    .option("--python <command>", "a Python that has PyTorch", "python3")
    .action(pytorch);
  addDeviceFlags(
    withPreset(sub("sample", "drawing with guidance 2 against the machine's MatMul peak"), "baseline"),
  )
    .option("--counts <a,b,c>", "drawings at once", integersFlag("--counts", 1), [1, 16, 256])
    .option("--steps <n>", "steps of the sampler", integerFlag("--steps", 1), 10)
    .option("--rounds <n>", "times that each is drawn", integerFlag("--rounds", 1), 3)
    .action(sample);
  withPreset(sub("start", "from a command's start to its help and to its first picture"), "quick")
    .option("--rounds <n>", "times that each command is run", integerFlag("--rounds", 1), 9)
    .action(start);
  sub("data", "reading and encoding on one core")
    .option("--drawings <n>", "drawings read", integerFlag("--drawings", 4), 200_000)
    .option("--data <folder>", "a folder of .ndjson files; else CIZGI_DATA, else a made-up file")
    .action(data);
  addDeviceFlags(sub("evaluate", "measuring drawings against real ones: features, then all measures"))
    .option("--drawings <n>", "drawings of each set", integerFlag("--drawings", 30), 10_000)
    .action(evaluate);
  withPreset(sub("profile", "where a training step's time goes, by ONNX operator"), "baseline").action(
    profile,
  );
  sub("growth", "how the cost grows with points, batch, parameters and drawings").action(growth);
  return bench;
}

async function runAll({ out, python }: { out: string; python: string }): Promise<void> {
  process.stdout.write(`${targetsTable(await runSuite(out, python, runAlone))}\n`);
}

const INTERRUPTIONS = (["SIGINT", "SIGTERM", "SIGHUP"] as const).map((signal) => new Interruption(signal));

/** A bench's result, in a process whose memory and threads are its own; undefined where it ended badly, and said why. */
async function runAlone(words: readonly string[]): Promise<unknown> {
  process.stderr.write(`cizgi bench ${words.join(" ")}\n`);
  const command = [...process.execArgv, at(process.argv, 1), "bench", ...words, "--json"];
  const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "inherit"] });
  const [json, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
  const interruption = INTERRUPTIONS.find(({ exitCode }) => exitCode === code);
  if (interruption !== undefined) throw interruption;
  return code === 0 ? JSON.parse(json) : undefined;
}

const configOf = ({ preset, batchSize }: BenchFlags): RunConfig =>
  configure(preset, batchSize === undefined ? {} : { batchSize });

const barFor = (name: string, total: number, unit: string, { quiet }: BenchFlags): Progress =>
  progressBar(`bench ${name}`, total, unit, quiet === true);

async function train(flags: BenchFlags): Promise<void> {
  const { benchTrain, WARM_UP } = await import("../../bench/train.ts");
  const bar = barFor("train", flags.steps + WARM_UP, "steps", flags);
  await report(await benchTrain(configOf(flags), flags.steps, flags, (step) => bar.update(step)), flags, bar);
}

async function pytorch(flags: BenchFlags): Promise<void> {
  const { benchPytorch } = await import("../../bench/pytorch.ts");
  const { WARM_UP } = await import("../../bench/train.ts");
  const bar = barFor("pytorch", flags.steps + WARM_UP, "steps", flags);
  const onProgress = (step: number) => bar.update(step);
  await report(await benchPytorch(configOf(flags), flags.steps, flags.python, onProgress), flags, bar);
}

const GUIDANCE = 2;

async function sample(flags: BenchFlags): Promise<void> {
  const { benchSample } = await import("../../bench/sample.ts");
  const { counts, steps, rounds } = flags;
  const bar = barFor("sample", rounds, "rounds", flags);
  const onProgress = (round: number) => bar.update(round);
  const result = await benchSample(configOf(flags), counts, steps, GUIDANCE, rounds, flags, onProgress);
  await report(result, flags, bar);
}

async function start(flags: BenchFlags): Promise<void> {
  const { benchStart } = await import("../../bench/start.ts");
  const bar = barFor("start", flags.rounds, "rounds", flags);
  await report(await benchStart(configOf(flags), flags.rounds, (round) => bar.update(round)), flags, bar);
}

async function data(flags: BenchFlags): Promise<void> {
  const { benchData } = await import("../../bench/data.ts");
  const bar = barFor("data", flags.drawings, "drawings", flags);
  const place = flags.data ?? (process.env.CIZGI_DATA || undefined);
  await report(await benchData(flags.drawings, place, (drawings) => bar.update(drawings)), flags, bar);
}

async function evaluate(flags: BenchFlags): Promise<void> {
  const { benchEvaluate } = await import("../../bench/evaluate.ts");
  let bar: Progress | undefined;
  const result = await benchEvaluate(flags.drawings, flags, (done, total) => {
    // The drawings are made up before.
    bar ??= barFor("evaluate", total, "drawings", flags);
    bar.update(done);
  });
  await report(result, flags, bar);
}

async function profile(flags: BenchFlags): Promise<void> {
  const { benchProfile } = await import("../../bench/profile.ts");
  await report(await benchProfile(configOf(flags)), flags);
}

async function growth(flags: BenchFlags): Promise<void> {
  const { benchGrowth } = await import("../../bench/growth.ts");
  let bar: Progress | undefined;
  const result = await benchGrowth((done, total) => {
    bar ??= barFor("growth", total, "curves", flags);
    bar.update(done);
  });
  await report(result, flags, bar);
}

async function report(result: { bench: string }, flags: BenchFlags, bar?: Progress): Promise<void> {
  bar?.finish();
  const shown = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value));
  const lines = Object.entries(result).flatMap(([key, value]) =>
    Array.isArray(value) && typeof value[0] === "object"
      ? [key, ...value.map((row) => `  ${shown(row)}`)]
      : [`${key.padEnd(20)} ${shown(value)}`],
  );
  output(flags).result(lines.join("\n"), result);
  if (flags.save === undefined) return;
  await writeFileAtomically(
    join(flags.save, `${result.bench}.json`),
    `${JSON.stringify(result, undefined, 2)}\n`,
  );
}
