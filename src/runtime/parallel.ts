import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { InferenceSession } from "onnxruntime-node";
import { toOnnx } from "../graph/onnx/model.ts";
import { sizeOf } from "../graph/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { deviceFailure, type Feeds, type ProgramOptions, sessionOptions } from "./program.ts";

type Vectors<Names extends string> = Readonly<Record<Names, Float32Array>>;

export interface ParallelOptions extends Pick<ProgramOptions, "device" | "threads" | "profile"> {
  readonly workers: number;
}

/** A graph compiled to be run by several workers at once, each on its share of the data. */
export interface ParallelProgram<Common extends string, Outputs extends string> {
  /** Adds up every output over `shares`, one a worker, into the arrays of `sums`; `common` are the inputs that all have. */
  run(common: Vectors<Common>, shares: readonly Feeds[], sums: Vectors<Outputs>): Promise<void>;
  dispose(): Promise<void>;
}

/** What a worker thread is given at its start; the vectors are shared memory. */
export interface WorkerSetup {
  readonly model: Uint8Array;
  readonly options: InferenceSession.SessionOptions;
  readonly common: Vectors<string>;
  /** Where it leaves what it computed. */
  readonly outputs: Vectors<string>;
}

/**
 * Compiles the computation of `outputs` for so many worker threads, each with an ONNX Runtime of its own and `threads`
 * threads. The threads of one ONNX Runtime wait for each other after every operation, workers once a run: a step takes
 * 4 to 8 % less on two idle cores (docs/performance.md).
 * Throws a UserError when the device cannot be had.
 */
export async function compileParallel<Common extends string, Outputs extends string>(
  outputs: Readonly<Record<Outputs, Tensor>>,
  common: Readonly<Record<Common, Tensor>>,
  { workers: count, device = "cpu", threads = 0, profile }: ParallelOptions,
): Promise<ParallelProgram<Common, Outputs>> {
  const model = toOnnx(outputs);
  const options = sessionOptions(device, threads, profile);
  const shared = sharedVectors(common);
  const workers = await Promise.all(
    Array.from({ length: count }, () =>
      startWorker({ model, options, common: shared, outputs: sharedVectors(outputs) }),
    ),
  ).catch((error) => {
    throw deviceFailure(device, error);
  });

  return {
    async run(values, shares, sums) {
      if (shares.length !== workers.length)
        throw new Error(`needs a share for each of ${workers.length} workers, found ${shares.length}`);
      for (const name in shared) shared[name].set(values[name]);
      await Promise.all(workers.map(({ run }, place) => run(shares[place])));
      for (const name in sums) {
        const sum = sums[name];
        const [first, ...others] = workers.map((worker) => worker.outputs[name]);
        sum.set(first);
        for (const other of others) for (let i = 0; i < sum.length; i++) sum[i] += other[i];
      }
    },
    async dispose() {
      await Promise.all(workers.map(({ stop }) => stop()));
    },
  };
}

const sharedVectors = <Names extends string>(tensors: Readonly<Record<Names, Tensor>>): Vectors<Names> =>
  Object.fromEntries(
    Object.entries<Tensor>(tensors).map(([name, { shape }]) => [
      name,
      new Float32Array(new SharedArrayBuffer(4 * sizeOf(shape))),
    ]),
  ) as Record<Names, Float32Array>;

/** A running worker; it keeps the process alive only while it has something to do. */
async function startWorker<Outputs extends string>(
  setup: WorkerSetup & { readonly outputs: Vectors<Outputs> },
) {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData: setup });
  const until = async (event: "message" | "exit") => {
    worker.ref();
    await once(worker, event);
    worker.unref();
  };
  await until("message");
  return {
    outputs: setup.outputs,
    async run(share: Feeds) {
      worker.postMessage(share);
      await until("message");
    },
    async stop() {
      worker.postMessage(undefined);
      await until("exit");
    },
  };
}
