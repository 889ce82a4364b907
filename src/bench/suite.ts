import { createRequire } from "node:module";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { ensureWritableFolder, writeFileAtomically } from "../files/atomic.ts";
import type { Results } from "./targets.ts";

/** All benches by the names of their results: what is typed after `cizgi bench`. */
export const SUITE: Readonly<Record<string, readonly string[]>> = {
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

/**
 * Runs every bench and writes <out>/<name>.json each.
 * @param python a Python that has PyTorch
 * @param run gives a bench's result; undefined where it cannot run here
 */
export async function runSuite(
  out: string,
  python: string,
  run: (words: readonly string[]) => Promise<unknown>,
): Promise<Results> {
  await ensureWritableFolder(out);
  const results: Record<string, unknown> = {};
  for (const [name, words] of Object.entries(SUITE)) {
    const result = await run(name === "pytorch" ? [...words, "--python", python] : words);
    if (result === undefined) continue;
    results[name] = result;
    const record = { command: `npm run bench -- ${words.join(" ")}`, machine: machine(), result };
    await writeFileAtomically(join(out, `${name}.json`), `${JSON.stringify(record, undefined, 2)}\n`);
  }
  return results;
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
