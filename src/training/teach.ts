import { at } from "../base/at.ts";
import { type Parameter, parameterViews } from "../nn/parameters.ts";
import type { DeviceOptions } from "../runtime/devices.ts";
import { compile } from "../runtime/program.ts";
import { compileGradients } from "./gradient-program.ts";
import { initialState, trainingLoop } from "./loop.ts";
import type { Optimisation } from "./optimisation.ts";
import type { HeldOutLoss, Task } from "./task.ts";

/** A step of a short training. */
export interface TeachStep {
  readonly kind: "step";
  readonly step: number;
  readonly steps: number;
  /** Of the step's drawings. */
  readonly loss: number;
  /** Of drawings held out, by the averaged weights, after every epoch. */
  readonly heldOutLoss?: number;
}

/** What such a training ends with: its parameters and their averaged values. */
export interface Taught {
  readonly parameters: readonly Parameter[];
  readonly values: Float32Array;
  /** Steps done. */
  readonly steps: number;
}

/** What is learnt, how, and what is looked at after every epoch. */
interface Teaching {
  readonly task: Task;
  readonly optimisation: Optimisation;
  readonly heldOut: HeldOutLoss;
}

/** Trains in memory, for minutes and not for hours, and looks at drawings held out. */
export async function* trainInMemory(
  { task, optimisation, heldOut }: Teaching,
  { signal, device = "cpu", threads = 0 }: DeviceOptions & { readonly signal?: AbortSignal | undefined },
): AsyncGenerator<TeachStep, Taught> {
  const gradients = await compileGradients(task.lossGraph, optimisation.batchSize, { device, threads });
  const look = await compile({ loss: heldOut.loss }, { device, threads });
  try {
    const { parameters } = gradients;
    const state = initialState(parameters, optimisation.seed, task.start);
    const { ema } = state.optimizer;
    const lossNow = async (): Promise<number> => {
      // Not in shared memory, which ONNX Runtime does not read.
      const own = Object.fromEntries(parameterViews(parameters, Float32Array.from(ema)));
      return at((await look.run({ ...heldOut.feeds, ...own })).loss, 0);
    };
    for await (const report of trainingLoop(gradients, task, optimisation, state)) {
      signal?.throwIfAborted();
      const { step, steps, losses, epochEnd } = report;
      const looked = epochEnd && { heldOutLoss: await lossNow() };
      yield { kind: "step", step, steps, loss: losses.loss, ...looked };
    }
    return { parameters, values: Float32Array.from(ema), steps: state.step };
  } finally {
    await gradients.dispose();
    await look.dispose();
  }
}
