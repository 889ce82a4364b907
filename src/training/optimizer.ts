import { Worker } from "node:worker_threads";
import { at } from "../base/at.ts";
import { nextMessage, shared, sharedVector, threadFileExists } from "../runtime/threads.ts";
import { adamWStep, addUp } from "./adamw.js";

/** A network's numbers as flat vectors of equal length, in memory that threads share. */
export interface OptimizerState {
  readonly weights: Float32Array;
  /** Running means of the gradient and of its square. */
  readonly moment1: Float32Array;
  readonly moment2: Float32Array;
  /** Exponential moving average of the weights. */
  readonly ema: Float32Array;
}

export interface AdamWOptions {
  readonly learningRate: number;
  readonly betas: readonly [number, number];
  readonly weightDecay: number;
  readonly epsilon: number;
  /** Factor on the gradient, below 1 where its norm is clipped. */
  readonly gradientScale: number;
  readonly emaDecay: number;
}

/** The state before the first step. */
export function createOptimizerState(weights: Float32Array): OptimizerState {
  const zeros = () => sharedVector(weights.length);
  const ema = zeros();
  ema.set(weights);
  return { weights: shared(weights), moment1: zeros(), moment2: zeros(), ema };
}

/** What a training step does with a gradient. */
export interface Optimizer {
  /** Adds up the gradients into the first of them; gives the sum's Euclidean length. */
  gradientNorm(): Promise<number>;
  /** Moves weights, moments and average along that sum; `step` counts from 1. */
  step(step: number, options: AdamWOptions): Promise<void>;
  dispose(): Promise<void>;
}

export interface ThreadSetup {
  readonly state: OptimizerState;
  readonly gradients: readonly [Float32Array, ...Float32Array[]];
  readonly from: number;
  readonly to: number;
}

export type ThreadTask = "addUp" | { readonly step: number; readonly options: AdamWOptions };

/** A thread with less to do takes longer to be told than to do it. */
const SMALLEST_PART = 2 ** 16;

/**
 * AdamW on `state`, with gradients of which there are as many as there are cores to use; all vectors in shared memory.
 * This thread and others take a part each: at the seed's size they need 2 % of a training step.
 */
export function startOptimizer(state: OptimizerState, gradients: readonly Float32Array[]): Optimizer {
  const { length } = state.weights;
  const vectors: ThreadSetup["gradients"] = [at(gradients, 0), ...gradients.slice(1)];
  const wanted = Math.max(1, Math.min(gradients.length, Math.floor(length / SMALLEST_PART)));
  const count = wanted > 1 && threadFileExists("optimizer-thread.js", import.meta.url) ? wanted : 1;
  const bound = (part: number) => Math.floor((part * length) / count);
  const others = Array.from({ length: count - 1 }, (_, i) => {
    const setup: ThreadSetup = { state, gradients: vectors, from: bound(i + 1), to: bound(i + 2) };
    const thread = new Worker(new URL("./optimizer-thread.js", import.meta.url), { workerData: setup });
    thread.unref();
    return thread;
  });
  const own = bound(1);
  /** Lets the other threads and this one do their parts. */
  const together = async (task: ThreadTask, part: () => number): Promise<number> => {
    const answers = others.map((thread) => nextMessage<number>(thread, task));
    return part() + (await Promise.all(answers)).reduce((a, b) => a + b, 0);
  };

  return {
    gradientNorm: async () => Math.sqrt(await together("addUp", () => addUp(vectors, 0, own))),
    async step(step, options) {
      await together({ step, options }, () => {
        adamWStep(state, vectors[0], step, options, 0, own);
        return 0;
      });
    },
    async dispose() {
      await Promise.all(others.map((thread) => thread.terminate()));
    },
  };
}
