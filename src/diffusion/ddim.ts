import { at } from "../base/at.ts";
import { type Estimate, estimate, type Predict, type SamplerOptions, type SamplerState } from "./estimate.ts";
import { intervals } from "./schedule.ts";

/** How much of the noise of every step is new. */
export interface Freshness {
  /** 0: none, deterministic; 1: as much as DDPM (Ho et al. 2020) adds. */
  readonly eta?: number;
  /** Fresh standard normal noise like x, for eta > 0. */
  readonly freshNoise?: () => Float32Array;
}

export interface DdimOptions extends SamplerOptions, Freshness {}

/** The drawings, with ᾱ of them left, where `next` is left (Song et al. 2020, eq. 12, σ of eq. 16). */
export function ddimStep(
  { x0, epsilon }: Pick<Estimate, "x0" | "epsilon">,
  alphaBar: number,
  next: number,
  { eta = 0, freshNoise }: Freshness,
): Float32Array {
  const sigma = eta * Math.sqrt(((1 - next) / (1 - alphaBar)) * (1 - alphaBar / next));
  const signal = Math.sqrt(next);
  const spread = Math.sqrt(1 - next - sigma ** 2);
  const x = x0.map((value, i) => signal * value + spread * (epsilon[i] ?? 0));
  if (sigma === 0) return x;
  const fresh = freshNoise?.();
  if (fresh === undefined) throw new Error("eta > 0 needs freshNoise");
  return x.map((value, i) => value + sigma * (fresh[i] ?? 0));
}

/** DDIM (Song et al. 2020) from `noise`; yields after every network evaluation. */
export async function* ddim(
  predict: Predict,
  noise: Float32Array,
  options: DdimOptions,
): AsyncGenerator<SamplerState> {
  const { alphaBars, times } = options;
  let x = noise;
  for (const [step, { t, next }] of intervals(times).entries()) {
    const { x0, epsilon, ...pen } = await estimate(predict, x, t, options);
    x = ddimStep({ x0, epsilon }, at(alphaBars, t), at(alphaBars, next), options);
    yield { step: step + 1, x, x0, ...pen };
  }
}
