import { randomStream } from "../../src/base/random.ts";
import type { Predict } from "../../src/diffusion/estimate.ts";
import { type PredictionType, predictionTarget } from "../../src/diffusion/parameterisation.ts";
import { cosineSchedule } from "../../src/diffusion/schedule.ts";

export const { alphaBars } = cosineSchedule(1000);
export const unlimited = { alphaBars, predictionType: "noise", guidance: 1, clamp: 1e6 } as const;

/**
 * The best prediction where the data are normal with this mean and deviation: x_t is then normal as well, with the mean
 * √ᾱ μ and the variance ᾱ σ² + 1 - ᾱ, of which the noise makes 1 - ᾱ.
 */
export function bestPrediction(
  mean: number,
  deviation: number,
  type: PredictionType,
  x: Float32Array,
  t: number,
) {
  const alphaBar = alphaBars[t];
  const signal = Math.sqrt(alphaBar);
  const variance = alphaBar * deviation ** 2 + 1 - alphaBar;
  const noise = x.map((value) => (Math.sqrt(1 - alphaBar) * (value - signal * mean)) / variance);
  const drawing = x.map((value) => mean + (signal * deviation ** 2 * (value - signal * mean)) / variance);
  const prediction = new Float32Array(x.length);
  predictionTarget(type, drawing, noise, alphaBar, prediction);
  return { prediction };
}

export const normals = (count: number, seed = 0): Float32Array => {
  const stream = randomStream(seed, 0);
  return Float32Array.from({ length: count }, () => stream.normal());
};

export const best =
  (mean: number, deviation: number, type: PredictionType = "noise"): Predict =>
  async (x, t) => ({ conditional: bestPrediction(mean, deviation, type, x, t) });

/** Where the probability flow takes each x_T until time t: it keeps how many deviations a value is from the mean. */
export const flowOf = (mean: number, deviation: number, noise: Float32Array, t = 0): Float32Array =>
  noise.map((value) => {
    const [start, end] = [alphaBars[999], alphaBars[t]];
    const score = (value - Math.sqrt(start) * mean) / Math.sqrt(start * deviation ** 2 + 1 - start);
    return Math.sqrt(end) * mean + score * Math.sqrt(end * deviation ** 2 + 1 - end);
  });

export const worst = (a: Float32Array, b: Float32Array): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i])));
