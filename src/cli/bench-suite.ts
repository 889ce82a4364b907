import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { reachedTargets } from "../bench/targets.ts";
import { ensureWritableFolder, writeFileAtomically } from "../files/atomic.ts";
import { Interruption } from "./interruption.ts";

/** All benches by the names of their results; each is a process of its own, so that memory and threads are its own. */
const SUITE: Readonly<Record<string, readonly string[]>> = {
  train: ["train"],
  "train-1024": ["train", "--batch-size", "1024", "--steps", "2"],
  "train-quick": ["train", "--preset", "quick", "--steps", "40"],
  pytorch: ["pytorch"],
  sample: ["sample"],
  "sample-quick": ["sample", "--preset", "quick", "--steps", "40"],
  start: ["start"],
  data: ["data"],
  evaluate: ["evaluate"],
  profile: ["profile"],
  "profile-quick": ["profile", "--preset", "quick"],
  growth: ["growth"],
};

/** Runs every bench, writes <out>/<name>.json each and prints the table of targets. */
export async function runAll({ out, python }: { out: string; python: string }): Promise<void> {
  await ensureWritableFolder(out);
  const results: Record<string, unknown> = {};
  for (const [name, words] of Object.entries(SUITE)) {
    process.stderr.write(`cizgi bench ${words.join(" ")}\n`);
    const result = await runBench(name === "pytorch" ? [...words, "--python", python] : words);
    if (result === undefined) continue;
    results[name] = result;
    const record = { command: `npm run bench -- ${words.join(" ")}`, machine: machine(), result };
    await writeFileAtomically(join(out, `${name}.json`), `${JSON.stringify(record, undefined, 2)}\n`);
  }
  const rows = reachedTargets(results).map(({ what, target, reached }) => [what, target, reached]);
  const header = ["", "target", "reached"];
  const widths = header.map((_, i) => Math.max(...[header, ...rows].map((row) => row[i].length)));
  for (const row of [header, ...rows])
    process.stdout.write(
      `${row
        .map((cell, i) => cell.padEnd(widths[i]))
        .join("  ")
        .trimEnd()}\n`,
    );
}

const INTERRUPTIONS = (["SIGINT", "SIGTERM", "SIGHUP"] as const).map((signal) => new Interruption(signal));

/** A bench's result; undefined where it cannot run here, which it says itself. */
async function runBench(words: readonly string[]): Promise<unknown> {
  const [program] = process.argv.slice(1);
  const child = spawn(process.execPath, [...process.execArgv, program, "bench", ...words, "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [json, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
  const interruption = INTERRUPTIONS.find(({ exitCode }) => exitCode === code);
  if (interruption !== undefined) throw interruption;
  return code === 0 ? JSON.parse(json) : undefined;
}

function machine(): Record<string, string | number> {
  const { version } = createRequire(import.meta.url)("onnxruntime-node/package.json");
  return {
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    node: process.version,
    onnxruntime: version,
    date: new Date().toISOString().slice(0, 10),
  };
}
