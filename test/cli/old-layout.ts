import type { TinyRun } from "../training/tiny.ts";

/** A run's configuration as it was written before there were families: all in one object, and nothing of its origin. */
export function inOldLayout({ data, network, optimisation, sampling, report }: TinyRun): object {
  const { source, ...drawings } = data;
  const { family: _, prefixConditioning, ...sizes } = network;
  const { steps, ...draws } = sampling;
  return {
    ...drawings,
    data: source,
    ...sizes,
    beginnings: prefixConditioning,
    ...optimisation.denoiser,
    ...report,
    samplingSteps: steps,
    ...draws,
  };
}
