import { availableParallelism } from "node:os";
import { sizeOf } from "../graph/shape.ts";
import { checkDevice, type DeviceOptions } from "./devices.ts";
import { compileParallel } from "./parallel.ts";
import { compile } from "./program.ts";
import { LEAST_ROWS, type RowOutputs, type RowsProgram, type Runtime } from "./runtime.ts";
import type { Initializers } from "./session.ts";
import { sharedVector } from "./threads.ts";

/** Rows that are worth the start of workers, which takes as long as a dozen runs of them. */
const ROWS_FOR_WORKERS = 5;
/** Enough for the matrix products, few enough for the cache. */
const ROWS_OF_A_WORKER = 16;
const ROWS_OF_A_DEVICE = 256;

/**
 * Computes on a device of this machine; rows on workers of one thread each, where there are enough of them. A row's
 * numbers are the same to the bit whatever the others are.
 * @throws UserError for a device that does not exist, and for more threads than are of any use.
 */
export function nodeRuntime(options: DeviceOptions = {}): Runtime {
  checkDevice(options);
  const { device = "cpu", threads } = options;
  const cores = threads || availableParallelism();
  return {
    compile: (outputs, initializers) => compile(outputs, { ...options, initializers }),
    async compileRows(outputsOf, atLeast, initializers) {
      if (device === "cpu" && atLeast >= ROWS_FOR_WORKERS)
        return compileForWorkers(outputsOf, atLeast, Math.min(cores, atLeast), initializers);
      const rows = Math.max(LEAST_ROWS, atLeast);
      return { ...(await compile(outputsOf(rows), { ...options, initializers })), rows };
    },
    mostRows: device === "cpu" ? ROWS_OF_A_WORKER * cores : ROWS_OF_A_DEVICE,
  };
}

async function compileForWorkers<Outputs extends string>(
  outputsOf: RowOutputs<Outputs>,
  atLeast: number,
  workers: number,
  initializers: Initializers,
): Promise<RowsProgram<Outputs>> {
  const rowsEach = Math.max(LEAST_ROWS, Math.ceil(atLeast / workers));
  const outputs = outputsOf(rowsEach);
  const whole = eachOf(outputs, ({ shape }) => sharedVector(workers * sizeOf(shape)));
  const results = Array.from({ length: workers }, (_, i) =>
    eachOf(whole, (vector) => partOf(vector, i, workers)),
  );
  const program = await compileParallel(outputs, results, { device: "cpu", threads: 1, initializers });
  return {
    rows: workers * rowsEach,
    async run(feeds) {
      await program.run({}, feeds);
      return eachOf(whole, (values) => values.slice());
    },
    dispose: program.dispose,
  };
}

const eachOf = <Names extends string, From, To>(
  record: Readonly<Record<Names, From>>,
  change: (value: From) => To,
): Record<Names, To> =>
  Object.fromEntries(Object.entries<From>(record).map(([name, value]) => [name, change(value)])) as Record<
    Names,
    To
  >;

const partOf = (vector: Float32Array, part: number, parts: number): Float32Array =>
  vector.subarray((part * vector.length) / parts, ((part + 1) * vector.length) / parts);
