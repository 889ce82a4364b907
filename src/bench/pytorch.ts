import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { UserError } from "../base/errors.ts";
import type { RunConfig } from "../families/registry.ts";
import { compileGradients } from "../training/gradient-program.ts";
import { initialState, trainingLoop } from "../training/loop.ts";
import { figure, median } from "./statistics.ts";
import { randomStage } from "./subject.ts";
import { WARM_UP } from "./train.ts";

export interface PytorchBench {
  readonly bench: "pytorch";
  readonly version: string;
  readonly parameters: number;
  readonly batch: number;
  readonly threads: number;
  readonly steps: number;
  /** Medians over the steps. */
  readonly msPerDrawing: number;
  readonly pytorchMsPerDrawing: number;
  /** Median over the steps of our time to PyTorch's right before it. */
  readonly ratio: number;
}

/** The same network in PyTorch: of the repository, not of the package. */
const SCRIPT = fileURLToPath(new URL("../../src/bench/pytorch/train.py", import.meta.url));

/** Longer than idle threads go on spinning, which would slow down the other's step. */
const SPIN_MS = 100;
const greeting = z.object({ version: z.string(), threads: z.number(), parameters: z.number() });

/**
 * Whole training steps of the same network, ours and PyTorch's in turns, each on every core.
 * @param python a Python that has PyTorch
 * @throws UserError when there is none
 */
export async function benchPytorch(
  config: RunConfig,
  steps: number,
  python: string,
  onProgress: (step: number) => void,
): Promise<PytorchBench> {
  if (!existsSync(SCRIPT)) throw new UserError("bench pytorch runs in a clone of the repository only.");
  const { network, data } = config;
  const { task, optimisation } = await randomStage(config);
  const { batchSize, seed } = optimisation;
  const sizes = {
    ...network,
    classes: data.categories.length,
    batch: batchSize,
    threads: availableParallelism(),
  };
  const child = spawn(python, [SCRIPT, JSON.stringify(sizes)], { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (text) => {
    said += text;
  });
  child.on("error", (error) => {
    said += error.message;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async () => {
    const { value, done } = await lines.next();
    if (done) {
      throw new UserError(
        `--python ${python}: no PyTorch there (${said.trim().split("\n").at(-1)}). On Debian: apt-get install python3-torch libopenblas0-pthread, then --python /usr/bin/python3.`,
      );
    }
    return JSON.parse(value);
  };
  const theirStep = async (): Promise<number> => {
    child.stdin.write("\n");
    return z.number().parse(await line());
  };

  const { version, threads, parameters } = greeting.parse(await line());
  const program = await compileGradients(task.lossGraph, batchSize, {});
  const state = initialState(program.parameters, seed);
  if (parameters !== state.optimizer.weights.length)
    throw new Error(`PyTorch's network has ${parameters} parameters, ours ${state.optimizer.weights.length}`);
  const endless = { ...optimisation, epochs: Number.MAX_SAFE_INTEGER, warmupEpochs: 1 };
  const turns: { readonly ours: number; readonly theirs: number }[] = [];
  let theirs = Number.NaN;
  let started = performance.now();
  for await (const { step } of trainingLoop(program, task, endless, state)) {
    const ours = performance.now() - started;
    if (step > WARM_UP) turns.push({ ours, theirs });
    onProgress(step);
    if (step === WARM_UP + steps) break;
    await setTimeout(SPIN_MS);
    theirs = await theirStep();
    await setTimeout(SPIN_MS);
    started = performance.now();
  }
  await program.dispose();
  child.stdin.end();
  await once(child, "close");
  return {
    bench: "pytorch",
    version,
    parameters,
    batch: batchSize,
    threads,
    steps,
    msPerDrawing: figure(median(turns.map((turn) => turn.ours)) / batchSize),
    pytorchMsPerDrawing: figure(median(turns.map((turn) => turn.theirs)) / batchSize),
    ratio: figure(median(turns.map((turn) => turn.ours / turn.theirs))),
  };
}
