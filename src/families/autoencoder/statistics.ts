import { at } from "../../base/at.ts";
import type { CodeStatistics } from "./settings.ts";

/** A channel that changes less does not change: what is left is rounding. */
const LEAST_DEVIATION = 1e-6;

/** Mean and standard deviation of each of so many channels of codes [any, channels]; a channel that never changes has 1. */
export function statisticsOf(codes: Float32Array, channels: number): CodeStatistics {
  const rows = codes.length / channels;
  const mean = new Float64Array(channels);
  for (const [i, value] of codes.entries()) mean[i % channels] = at(mean, i % channels) + value / rows;
  const variance = new Float64Array(channels);
  for (const [i, value] of codes.entries())
    variance[i % channels] = at(variance, i % channels) + (value - at(mean, i % channels)) ** 2 / rows;
  return {
    mean: Array.from(mean, Math.fround),
    std: Array.from(variance, (value) => (value > LEAST_DEVIATION ** 2 ? Math.fround(Math.sqrt(value)) : 1)),
  };
}

/** Statistics that change nothing. */
export const identity = (channels: number): CodeStatistics => ({
  mean: new Array<number>(channels).fill(0),
  std: new Array<number>(channels).fill(1),
});

/** (code - mean) / std of every channel. */
export const normalised = (codes: Float32Array, { mean, std }: CodeStatistics): Float32Array =>
  codes.map((value, i) => (value - at(mean, i % mean.length)) / at(std, i % std.length));

/** code * std + mean of every channel. */
export const denormalised = (codes: Float32Array, { mean, std }: CodeStatistics): Float32Array =>
  codes.map((value, i) => value * at(std, i % std.length) + at(mean, i % mean.length));
