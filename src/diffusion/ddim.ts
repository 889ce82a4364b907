import { impliedDrawing, impliedNoise, type PredictionType } from "./parameterisation.ts";

/** What a network says of one batch, row after row. */
export interface NetworkOutput {
  readonly prediction: Float32Array;
  /** Where the pen has a head of its own. */
  readonly penLogits?: Float32Array;
}

/** Asks the network about `x` at time step `t`; without guidance only the conditional half is needed. */
export type Predict = (
  x: Float32Array,
  t: number,
) => Promise<{ conditional: NetworkOutput; unconditional?: NetworkOutput }>;

export interface DdimOptions {
  readonly alphaBars: Float64Array;
  readonly predictionType: PredictionType;
  /** Network evaluations, 1 .. number of training steps. */
  readonly steps: number;
  /** Weight of classifier-free guidance; 1 is none. */
  readonly guidance: number;
  /** 0: deterministic; 1: as much fresh noise in every step as DDPM (Ho et al. 2020) adds. */
  readonly eta?: number;
  /** Fresh standard normal noise like x, for eta > 0. */
  readonly freshNoise?: () => Float32Array;
  /** Predicted drawings are cut to ± this value. */
  readonly clamp?: number;
}

export interface DdimState {
  /** Evaluations done so far. */
  readonly step: number;
  /** The noisy drawings after this step; after the last one, the drawings. */
  readonly x: Float32Array;
  /** What the network now takes the drawings for. */
  readonly x0: Float32Array;
  readonly penLogits?: Float32Array;
}

/** Time steps of an n-step sampler: the integers of linspace(last, 0, n + 1). */
export const timeSteps = (trainSteps: number, steps: number): number[] =>
  // One division, of integers: a rounded fraction would miss the integers that are met exactly.
  Array.from({ length: steps + 1 }, (_, i) => Math.floor(((trainSteps - 1) * (steps - i)) / steps));

/** ε∅ + w (ε_c - ε∅) (Ho and Salimans 2022, eq. 6, with their w + 1 written w). */
function guide(
  conditional: Float32Array,
  unconditional: Float32Array | undefined,
  guidance: number,
): Float32Array {
  if (unconditional === undefined) return conditional;
  return conditional.map((value, i) => unconditional[i] + guidance * (value - unconditional[i]));
}

/** DDIM (Song et al. 2020, eq. 12, σ of eq. 16) from `noise`; yields after every network evaluation. */
export async function* ddim(
  predict: Predict,
  noise: Float32Array,
  options: DdimOptions,
): AsyncGenerator<DdimState> {
  const { alphaBars, predictionType, steps, guidance, eta = 0, freshNoise, clamp = 4 } = options;
  const times = timeSteps(alphaBars.length, steps);
  let x = noise;
  for (let step = 0; step < steps; step++) {
    const t = times[step];
    const alphaBar = alphaBars[t];
    const next = alphaBars[times[step + 1]];
    const { conditional, unconditional } = await predict(x, t);
    const prediction = guide(conditional.prediction, unconditional?.prediction, guidance);
    const epsilon = impliedNoise(predictionType, prediction, x, alphaBar);
    const x0 = impliedDrawing(predictionType, prediction, x, alphaBar).map((value) =>
      Math.min(Math.max(value, -clamp), clamp),
    );
    const sigma = eta * Math.sqrt(((1 - next) / (1 - alphaBar)) * (1 - alphaBar / next));
    const signal = Math.sqrt(next);
    const spread = Math.sqrt(1 - next - sigma ** 2);
    x = x0.map((value, i) => signal * value + spread * epsilon[i]);
    if (sigma > 0) {
      const fresh = freshNoise?.();
      if (fresh === undefined) throw new Error("ddim: eta > 0 needs freshNoise");
      x = x.map((value, i) => value + sigma * fresh[i]);
    }
    yield { step: step + 1, x, x0, ...(conditional.penLogits && { penLogits: conditional.penLogits }) };
  }
}
