import { at } from "../base/at.ts";

/** How much of the drawing is left at each time step. */
export interface NoiseSchedule {
  /** ᾱ_t for t = 0 .. steps - 1, falling from nearly 1 to nearly 0. */
  readonly alphaBars: Float64Array;
  /** β_t = 1 - ᾱ_t / ᾱ_{t-1}, at most 0.999. */
  readonly betas: Float64Array;
}

const { fround } = Math;

/**
 * The cosine schedule (Nichol and Dhariwal 2021, eq. 17) with offset 0.008, sampled at (t + 1) / steps.
 * Every operation is rounded to float32 in PyTorch's order, so that models trained elsewhere meet the same numbers:
 * near the end one rounding of a time changes β by 1e-5.
 */
export function cosineSchedule(steps: number): NoiseSchedule {
  if (!Number.isSafeInteger(steps) || steps < 1)
    throw new RangeError(`cosineSchedule: steps: expected a whole number of at least 1, found ${steps}`);
  const f = (u: number) => {
    const angle = fround(fround(fround(u + fround(0.008)) / fround(1.008)) * fround(Math.PI / 2));
    return fround(fround(Math.cos(angle)) ** 2);
  };
  const values = unitTimes(steps).map(f);
  const first = at(values, 0);
  const alphaBars = Float64Array.from(values.slice(1), (value) => fround(value / first));
  const betas = alphaBars.map((alphaBar, t) => {
    const beta = fround(1 - fround(alphaBar / (alphaBars[t - 1] ?? 1)));
    return Math.min(Math.max(beta, 0), 0.999);
  });
  return { alphaBars, betas };
}

/**
 * 0, 1/steps, ... 1 as PyTorch's float32 linspace rounds them: from the nearer end, eight numbers at a time counted on
 * from their first, the rest after the last full sixteen one by one.
 */
function unitTimes(steps: number): number[] {
  const step = fround(1 / steps);
  const count = steps + 1;
  return Array.from({ length: count }, (_, i) => {
    const lane = i < count - (count % 16) ? i % 8 : 0;
    const from = i - lane;
    const base = fround(from < count / 2 - 0.5 ? step * from : 1 - step * (steps - from));
    return fround(base + fround(step * lane));
  });
}

/** Time steps of an n-step sampler: the integers of linspace(last, 0, n + 1). */
export const timeSteps = (trainSteps: number, steps: number): number[] =>
  // One division, of integers: a rounded fraction would miss the integers that are met exactly.
  Array.from({ length: steps + 1 }, (_, i) => Math.floor(((trainSteps - 1) * (steps - i)) / steps));

/** Every time step but the last, with the one behind it. */
export const intervals = (times: readonly number[]): { readonly t: number; readonly next: number }[] =>
  times.slice(1).map((next, i) => ({ t: at(times, i), next }));

/** x_t = √ᾱ x_0 + √(1 - ᾱ) ε (Ho et al. 2020, eq. 4), written into `target`. */
export function addNoise(
  x0: Float32Array,
  noise: Float32Array,
  alphaBar: number,
  target: Float32Array,
): void {
  const signal = Math.sqrt(alphaBar);
  const spread = Math.sqrt(1 - alphaBar);
  for (let i = 0; i < x0.length; i++) target[i] = signal * (x0[i] ?? 0) + spread * (noise[i] ?? 0);
}
