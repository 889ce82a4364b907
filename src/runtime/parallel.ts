import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { InferenceSession } from "onnxruntime-node";
import { toOnnx } from "../graph/onnx/model.ts";
import type { Tensor } from "../graph/tensor.ts";
import { deviceFailure, type Feeds, type ProgramOptions, sessionOptions } from "./program.ts";
import { nextMessage } from "./threads.ts";

type Vectors<Names extends string> = Readonly<Record<Names, Float32Array>>;

/** A graph compiled to be run by several workers at once, each on its share of the data. */
export interface ParallelProgram {
  /** Computes a worker's outputs from a worker's feeds. What of these lies in shared memory is not sent but read. */
  run(feeds: readonly Feeds[]): Promise<void>;
  dispose(): Promise<void>;
}

/** What a worker thread is given at its start. */
export interface WorkerSetup {
  readonly model: Uint8Array;
  readonly options: InferenceSession.SessionOptions;
  readonly results: Vectors<string>;
}

/**
 * Compiles the computation of `outputs` for as many worker threads as there are `results`: where each leaves its
 * outputs, in shared memory. Each worker has an ONNX Runtime of its own with `threads` threads: the threads of one
 * ONNX Runtime wait for each other after every operation, workers once a run (docs/performance.md).
 * Throws a UserError when the device cannot be had.
 */
export async function compileParallel<Outputs extends string>(
  outputs: Readonly<Record<Outputs, Tensor>>,
  results: readonly Vectors<Outputs>[],
  { device = "cpu", threads = 0, profile }: Pick<ProgramOptions, "device" | "threads" | "profile">,
): Promise<ParallelProgram> {
  const model = toOnnx(outputs);
  const options = sessionOptions(device, threads, profile);
  const workers = await Promise.all(
    results.map((own) => startWorker({ model, options, results: own })),
  ).catch((error) => {
    throw deviceFailure(device, error);
  });

  return {
    async run(feeds) {
      if (feeds.length !== workers.length)
        throw new Error(`needs feeds for each of ${workers.length} workers, found ${feeds.length}`);
      await Promise.all(workers.map((worker, i) => nextMessage(worker, feeds[i])));
    },
    async dispose() {
      await Promise.all(workers.map(stop));
    },
  };
}

/** A worker that is ready; it keeps the process alive only while it has something to do. */
async function startWorker(setup: WorkerSetup): Promise<Worker> {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData: setup });
  await once(worker, "message");
  worker.unref();
  return worker;
}

async function stop(worker: Worker): Promise<void> {
  worker.ref();
  worker.postMessage(undefined);
  await once(worker, "exit");
}
