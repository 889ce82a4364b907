import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { at } from "../base/at.ts";
import { toOnnx } from "../graph/onnx/model.ts";
import type { Tensor } from "../graph/tensor.ts";
import { type Packed, pack } from "./packed.js";
import { deviceFailure, type ProgramOptions, sessionOf } from "./program.ts";
import type { Feeds } from "./session.ts";
import { openShare, type Results, type ShareSetup } from "./share.js";
import { settleTelemetry } from "./telemetry.ts";
import { nextMessage, sharedBytes, threadFileExists } from "./threads.ts";

type Vectors<Names extends string> = Readonly<Record<Names, Float32Array>>;

/** A graph compiled to be run by several workers at once, each on its share of the data. */
export interface ParallelProgram {
  /**
   * Computes each worker's outputs, from feeds that all have and from its equal part of each array of `data`. What lies
   * in shared memory is not sent to a worker but read by it.
   */
  run(common: Feeds, data: Feeds): Promise<void>;
  dispose(): Promise<void>;
}

/** The setup as it is sent to a thread. */
export interface ThreadSetup extends ShareSetup {
  readonly results: Readonly<Record<string, Packed>>;
}

/** What a thread is told: inputs to compute from, or to end. */
export type ThreadTask = Readonly<Record<string, Packed>> | "close";

/**
 * Compiles the computation of `outputs` for as many worker threads as there are `results`: where each leaves its
 * outputs, in shared memory. Each worker has an ONNX Runtime of its own with `threads` threads: the threads of one
 * ONNX Runtime wait for each other after every operation, workers once a run (docs/performance.md).
 * Throws a UserError when the device cannot be had.
 */
export async function compileParallel<Outputs extends string>(
  outputs: Readonly<Record<Outputs, Tensor>>,
  results: readonly Vectors<Outputs>[],
  { device = "cpu", threads = 0, initializers, profile }: ProgramOptions,
): Promise<ParallelProgram> {
  await settleTelemetry();
  const model = sharedBytes(toOnnx(outputs, { initializers }));
  const setupOf = (i: number): ShareSetup => ({
    model,
    // ONNX Runtime names a profile by the second.
    options: sessionOf(device, threads, profile && `${profile}-${i}`),
  });
  const open = threadFileExists("worker.js", import.meta.url) ? startWorkers : openInTurn;
  const shares = await open(results, setupOf).catch((error) => {
    throw deviceFailure(device, error);
  });

  return {
    async run(common, data) {
      await shares.run(results.map((_, i) => ({ ...common, ...partOf(data, i, results.length) })));
    },
    dispose: shares.close,
  };
}

/** All shares of a program. */
interface Shares {
  /** Computes from the feeds of each share. */
  run(feeds: readonly Feeds[]): Promise<void>;
  close(): Promise<void>;
}

/** Without threads to compute them at once, one session does for all shares, one after the other. */
async function openInTurn(
  results: readonly Results[],
  setupOf: (share: number) => ShareSetup,
): Promise<Shares> {
  const { run, close } = await openShare(setupOf(0));
  return {
    async run(feeds) {
      for (const [i, own] of results.entries()) await run(at(feeds, i), own);
    },
    close,
  };
}

async function startWorkers(
  results: readonly Results[],
  setupOf: (share: number) => ShareSetup,
): Promise<Shares> {
  const workers = await Promise.all(results.map((own, i) => startWorker(setupOf(i), own)));
  return {
    async run(feeds) {
      await Promise.all(workers.map(({ run }, i) => run(at(feeds, i))));
    },
    async close() {
      await Promise.all(workers.map(({ close }) => close()));
    },
  };
}

/** One of so many equal parts of the data. */
const partOf = (data: Feeds, part: number, parts: number): Feeds =>
  Object.fromEntries(
    Object.entries(data).map(([name, array]) => {
      if (array.length % parts !== 0)
        throw new Error(`${name}: ${array.length} values cannot be shared out among ${parts} workers`);
      const [from, to] = [part, part + 1].map((n) => (n * array.length) / parts);
      // A view of memory that is not shared would be sent with all of it.
      const shared = array.buffer instanceof SharedArrayBuffer;
      return [name, shared ? array.subarray(from, to) : array.slice(from, to)];
    }),
  );

/** A thread that is ready; it keeps the process alive only while it has something to do. */
async function startWorker(setup: ShareSetup, results: Results) {
  const worker = new Worker(new URL("./worker.js", import.meta.url), {
    workerData: { ...setup, results: pack(results) } satisfies ThreadSetup,
  });
  await once(worker, "message");
  worker.unref();
  let ended = false;
  worker.once("exit", () => {
    ended = true;
  });
  let running: Promise<unknown> = Promise.resolve();
  return {
    async run(feeds: Feeds) {
      running = nextMessage(worker, pack(feeds) satisfies ThreadTask);
      await running;
    },
    async close() {
      // It may still compute where another one failed; where ONNX Runtime failed, it ends by itself.
      const failed = await running.then(
        () => false,
        () => true,
      );
      if (failed || ended) return;
      await nextMessage(worker, "close" satisfies ThreadTask);
      await worker.terminate();
    },
  };
}
