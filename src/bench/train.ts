import { at } from "../base/at.ts";
import type { RunConfig } from "../families/registry.ts";
import type { DeviceOptions } from "../runtime/devices.ts";
import { compileGradients } from "../training/gradient-program.ts";
import { initialState, trainingLoop } from "../training/loop.ts";
import { type PeakMeter, peakMeter } from "./peak.ts";
import { figure, median, peakMemory } from "./statistics.ts";
import { randomStage } from "./subject.ts";

export interface TrainBench {
  readonly bench: "train";
  readonly parameters: number;
  readonly batch: number;
  readonly microBatch: number;
  readonly steps: number;
  /** Medians over the steps. */
  readonly msPerDrawing: number;
  readonly gflops: number;
  /** Of the direct algorithm, from the graph. */
  readonly gflopPerDrawing: number;
  /** The best matrix product of the whole run. */
  readonly matmulPeak: number;
  /** Median over the steps of their rate to the better of the peaks measured right before and right after. */
  readonly ratio: number;
  /** The median rate to the best peak of the whole run. */
  readonly ratioToBestPeak: number;
  /** Share of a step's time spent waiting for its data: the median over the steps. */
  readonly dataShare: number;
  /** Of the process after some steps, before the peak is measured in it too; in GiB. */
  readonly peakMemoryGiB: number;
}

/** Steps before any is counted: they set up memory. */
export const WARM_UP = 3;

/**
 * Whole training steps (batch, forward, backward, clipping, AdamW, EMA) against the machine's MatMul peak, measured
 * between the steps, so that a drift of the machine's speed meets both.
 */
export async function benchTrain(
  config: RunConfig,
  steps: number,
  options: DeviceOptions,
  onProgress: (step: number) => void,
): Promise<TrainBench> {
  const { task, optimisation } = await randomStage(config);
  const { batchSize, seed } = optimisation;
  const program = await compileGradients(task.lossGraph, batchSize, options);
  const state = initialState(program.parameters, seed);
  const endless = { ...optimisation, epochs: Number.MAX_SAFE_INTEGER, warmupEpochs: 1 };
  const gflopPerStep = (program.flopsPerDrawing * batchSize) / 1e9;

  const seconds: number[] = [];
  const peaks: number[] = [];
  const dataShares: number[] = [];
  let peak: PeakMeter | undefined;
  let peakMemoryGiB = 0;
  let started = performance.now();
  for await (const { step, dataShare } of trainingLoop(program, task, endless, state)) {
    const taken = (performance.now() - started) / 1000;
    onProgress(step);
    if (step === WARM_UP) {
      peakMemoryGiB = peakMemory();
      peak = await peakMeter(options);
    }
    if (step > WARM_UP) {
      seconds.push(taken);
      dataShares.push(dataShare);
    }
    if (peak !== undefined) peaks.push(await peak.measure());
    if (step === WARM_UP + steps) break;
    started = performance.now();
  }
  await program.dispose();
  await peak?.dispose();

  const rates = seconds.map((s) => gflopPerStep / s);
  const matmulPeak = Math.max(...peaks);
  return {
    bench: "train",
    parameters: state.optimizer.weights.length,
    batch: batchSize,
    microBatch: program.microBatch,
    steps,
    msPerDrawing: figure((median(seconds) * 1000) / batchSize),
    gflops: figure(median(rates)),
    gflopPerDrawing: figure(program.flopsPerDrawing / 1e9),
    matmulPeak: figure(matmulPeak),
    ratio: figure(median(rates.map((rate, i) => rate / Math.max(at(peaks, i), at(peaks, i + 1))))),
    ratioToBestPeak: figure(median(rates) / matmulPeak),
    dataShare: figure(median(dataShares)),
    peakMemoryGiB: figure(peakMemoryGiB),
  };
}
