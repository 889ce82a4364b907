import { at } from "../base/at.ts";
import { collect } from "../base/collect.ts";
import { familyOf, type RunConfig } from "../families/registry.ts";
import { sample } from "../node/sample.ts";
import type { DeviceOptions } from "../runtime/devices.ts";
import { peakMeter } from "./peak.ts";
import { figure, median } from "./statistics.ts";
import { untrainedModel } from "./subject.ts";

export interface SampleBench {
  readonly bench: "sample";
  readonly steps: number;
  readonly guidance: number;
  /** Of the direct algorithm, for one evaluation of one drawing, both halves of guidance. */
  readonly gflopPerEvaluation: number;
  readonly counts: readonly {
    readonly drawings: number;
    /** From the call to the last drawing's strokes, compiling the network included. */
    readonly msPerDrawing: number;
    /** Its rate to the better of the peaks measured right before and right after. */
    readonly ratio: number;
  }[];
}

/** Drawing with an untrained network of the configuration's size: medians over rounds of all counts in turn. */
export async function benchSample(
  config: RunConfig,
  counts: readonly number[],
  steps: number,
  guidance: number,
  rounds: number,
  options: DeviceOptions,
  onProgress: (round: number) => void,
): Promise<SampleBench> {
  const model = untrainedModel(config);
  const category = at(config.data.categories, 0);
  // Both halves of guidance.
  const gflopPerEvaluation = (2 * (familyOf(config).evaluationFlops?.(model.config) ?? Number.NaN)) / 1e9;
  const peak = await peakMeter(options);
  const measured = counts.map((drawings) => ({ drawings, ms: [] as number[], ratios: [] as number[] }));
  let before = await peak.measure();
  for (let round = 1; round <= rounds; round++) {
    for (const { drawings, ms, ratios } of measured) {
      const started = performance.now();
      await collect(sample(model, { category, count: drawings, steps, guidance, ...options }));
      const each = (performance.now() - started) / drawings;
      const after = await peak.measure();
      ms.push(each);
      ratios.push((gflopPerEvaluation * steps * 1000) / each / Math.max(before, after));
      before = after;
    }
    onProgress(round);
  }
  await peak.dispose();
  return {
    bench: "sample",
    steps,
    guidance,
    gflopPerEvaluation: figure(gflopPerEvaluation),
    counts: measured.map(({ drawings, ms, ratios }) => ({
      drawings,
      msPerDrawing: figure(median(ms)),
      ratio: figure(median(ratios)),
    })),
  };
}
