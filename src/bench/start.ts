import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { at } from "../base/at.ts";
import type { RunConfig } from "../families/registry.ts";
import { saveModel } from "../node/model.ts";
import { figure, median } from "./statistics.ts";
import { untrainedModel } from "./subject.ts";

export interface StartBench {
  readonly bench: "start";
  readonly rounds: number;
  /** Whole processes, medians over the rounds. */
  readonly nodeMs: number;
  readonly helpMs: number;
  /** From the command to the first picture on disk. */
  readonly pictureMs: number;
}

/** How long commands take from their start: Node alone, `--help`, and drawing one picture with a model of this size. */
export async function benchStart(
  config: RunConfig,
  rounds: number,
  onProgress: (round: number) => void,
): Promise<StartBench> {
  const folder = await mkdtemp(join(tmpdir(), "cizgi-bench-"));
  try {
    await saveModel(folder, untrainedModel(config));
    const program = at(process.argv, 1);
    const timed = (...command: string[]) => ({ command, times: [] as number[] });
    const node = timed("-e", "0");
    const help = timed(program, "--help");
    const drawn = ["--model", folder, "--out", join(folder, "first.png")];
    const picture = timed(program, "sample", at(config.data.categories, 0), ...drawn);
    // The first round reads the files from disk.
    for (let round = 0; round <= rounds; round++) {
      for (const { command, times } of [node, help, picture]) {
        const started = performance.now();
        const child = spawn(process.execPath, [...process.execArgv, ...command], { stdio: "ignore" });
        const [code] = await once(child, "close");
        if (code !== 0) throw new Error(`node ${command.join(" ")} ended with ${code}`);
        if (round > 0) times.push(performance.now() - started);
      }
      onProgress(round);
    }
    const ms = ({ times }: { readonly times: readonly number[] }) => figure(median(times));
    return { bench: "start", rounds, nodeMs: ms(node), helpMs: ms(help), pictureMs: ms(picture) };
  } finally {
    await rm(folder, { recursive: true });
  }
}
