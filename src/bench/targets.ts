import type { GrowthBench } from "./growth.ts";
import type { PytorchBench } from "./pytorch.ts";
import type { SampleBench } from "./sample.ts";
import type { StartBench } from "./start.ts";
import type { TrainBench } from "./train.ts";

export interface Target {
  readonly what: string;
  readonly target: string;
  readonly reached: string;
}

/** Results of benches by the names of the suite; a bench that could not run is missing. */
export type Results = Readonly<{
  train?: TrainBench;
  "train-1024"?: TrainBench;
  "train-quick"?: TrainBench;
  pytorch?: PytorchBench;
  sample?: SampleBench;
  start?: StartBench;
  growth?: GrowthBench;
}>;

/** What the engine is to reach, beside what it did. */
export function reachedTargets(results: Results): Target[] {
  const { train, pytorch, sample, start, growth } = results;
  const [large, quick] = [results["train-1024"], results["train-quick"]];
  const of = <Result>(
    result: Result | undefined,
    what: string,
    target: string,
    reached: (result: Result) => string | number,
  ): Target => ({ what, target, reached: result === undefined ? "not measured" : String(reached(result)) });
  const ratioAt = (drawings: number) => (result: SampleBench) =>
    result.counts.find((row) => row.drawings === drawings)?.ratio ?? "not measured";
  const percent = ({ dataShare }: TrainBench) => `${Number((100 * dataShare).toPrecision(2))} %`;
  return [
    of(train, "training step of preset baseline: share of the MatMul peak", "≥ 0.95", ({ ratio }) => ratio),
    of(pytorch, "the same: our time / PyTorch's, in turns", "≤ 0.65", ({ ratio }) => ratio),
    of(train, "memory, batch 128", "≤ 1.2 GiB", ({ peakMemoryGiB }) => `${peakMemoryGiB} GiB`),
    of(large, "memory, batch 1024", "≤ 1.2 GiB", ({ peakMemoryGiB }) => `${peakMemoryGiB} GiB`),
    of(sample, "256 drawings with guidance: share of the MatMul peak", "≥ 0.85", ratioAt(256)),
    of(sample, "16 drawings: share of the MatMul peak", "", ratioAt(16)),
    of(start, "cizgi --help (Node alone)", "≤ 150 ms", ({ helpMs, nodeMs }) => `${helpMs} ms (${nodeMs})`),
    of(start, "cizgi sample: first picture on disk", "≤ 2000 ms", ({ pictureMs }) => `${pictureMs} ms`),
    of(train, "share of a step waiting for data, baseline", "< 1 %", percent),
    of(quick, "share of a step waiting for data, quick", "< 1 %", percent),
    ...(growth?.curves ?? []).map(({ what, exponent }) => ({
      what: `exponent of the cost by ${what}`,
      target: "≤ 1, attention 2",
      reached: String(exponent),
    })),
  ];
}

/** The same as text: a line for each, in columns. */
export function targetsTable(results: Results): string {
  const rows = [{ what: "", target: "target", reached: "reached" }, ...reachedTargets(results)];
  const wide = (texts: readonly string[]) => Math.max(...texts.map(({ length }) => length));
  const whatWidth = wide(rows.map(({ what }) => what));
  const targetWidth = wide(rows.map(({ target }) => target));
  return rows
    .map(
      ({ what, target, reached }) => `${what.padEnd(whatWidth)}  ${target.padEnd(targetWidth)}  ${reached}`,
    )
    .join("\n");
}
