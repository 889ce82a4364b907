import { estimate, type Predict, type SamplerOptions, type SamplerState } from "./estimate.ts";
import { timeSteps } from "./schedule.ts";

export interface DdimOptions extends SamplerOptions {
  /** 0: deterministic; 1: as much fresh noise in every step as DDPM (Ho et al. 2020) adds. */
  readonly eta?: number;
  /** Fresh standard normal noise like x, for eta > 0. */
  readonly freshNoise?: () => Float32Array;
}

/** DDIM (Song et al. 2020, eq. 12, σ of eq. 16) from `noise`; yields after every network evaluation. */
export async function* ddim(
  predict: Predict,
  noise: Float32Array,
  options: DdimOptions,
): AsyncGenerator<SamplerState> {
  const { alphaBars, steps, eta = 0, freshNoise } = options;
  const times = timeSteps(alphaBars.length, steps);
  let x = noise;
  for (let step = 0; step < steps; step++) {
    const t = times[step];
    const alphaBar = alphaBars[t];
    const next = alphaBars[times[step + 1]];
    const { x0, epsilon, ...pen } = await estimate(predict, x, t, options);
    const sigma = eta * Math.sqrt(((1 - next) / (1 - alphaBar)) * (1 - alphaBar / next));
    const signal = Math.sqrt(next);
    const spread = Math.sqrt(1 - next - sigma ** 2);
    x = x0.map((value, i) => signal * value + spread * epsilon[i]);
    if (sigma > 0) {
      const fresh = freshNoise?.();
      if (fresh === undefined) throw new Error("ddim: eta > 0 needs freshNoise");
      x = x.map((value, i) => value + sigma * fresh[i]);
    }
    yield { step: step + 1, x, x0, ...pen };
  }
}
