import { setTimeout } from "node:timers/promises";
import { matmul } from "../graph/ops/matmul.ts";
import { input } from "../graph/tensor.ts";
import type { DeviceOptions } from "../runtime/devices.ts";
import { compile } from "../runtime/program.ts";

const SIZES = [512, 1024, 2048];

/** Runs of each size; the best counts. */
const RUNS = 3;

/** Longer than idle threads of ONNX Runtime go on spinning, which slows down what is timed next. */
const SPIN_MS = 60;

/** Measures the machine's peak: the rate of the fastest of some square matrix products, by ONNX Runtime. */
export interface PeakMeter {
  /** GFLOP/s now, of the best size's best run; leaves the cores idle. */
  measure(): Promise<number>;
  dispose(): Promise<void>;
}

export async function peakMeter(options: DeviceOptions): Promise<PeakMeter> {
  const products = await Promise.all(
    SIZES.map(async (n) => {
      const program = await compile({ c: matmul(input("a", [n, n]), input("b", [n, n])) }, options);
      const values = new Float32Array(n * n).map((_, i) => Math.sin(i));
      return { n, program, feeds: { a: values, b: values } };
    }),
  );
  return {
    async measure() {
      let best = 0;
      for (const { n, program, feeds } of products) {
        for (let run = 0; run < RUNS; run++) {
          const started = performance.now();
          await program.run(feeds);
          best = Math.max(best, (2 * n ** 3) / ((performance.now() - started) * 1e6));
        }
        await setTimeout(SPIN_MS);
      }
      return best;
    },
    async dispose() {
      for (const { program } of products) await program.dispose();
    },
  };
}
