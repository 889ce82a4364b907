import { at } from "../base/at.ts";
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

/** A part of a drawing that is known before it is drawn. */
export interface Known {
  /** Of one drawing. */
  readonly values: Float32Array;
  /** 1 where it is known. */
  readonly mask: Uint8Array;
}

/** What every sampler is told. */
export interface SamplerOptions {
  readonly alphaBars: Float64Array;
  readonly predictionType: PredictionType;
  /** The time steps of the network's evaluations, one after the other, and the one where the way ends. */
  readonly times: readonly number[];
  /** Weight of classifier-free guidance; 1 is none. */
  readonly guidance: number;
  /** Predicted drawings are cut to ± this value; 4 unless told. */
  readonly clamp?: number;
  /** What is known of every drawing of the batch. */
  readonly known?: Known | undefined;
}

/** Where a sampler stands after a network evaluation. */
export interface SamplerState {
  /** Evaluations done so far. */
  readonly step: number;
  /** The noisy drawings after this step; after the last one, the drawings. */
  readonly x: Float32Array;
  /** What the network now takes the drawings for. */
  readonly x0: Float32Array;
  readonly penLogits?: Float32Array;
}

/** The drawing and the noise that the network sees in x. */
export interface Estimate {
  readonly x0: Float32Array;
  readonly epsilon: Float32Array;
  readonly penLogits?: Float32Array;
}

/** Asks about x at time step t, with guidance. */
export async function estimate(
  predict: Predict,
  x: Float32Array,
  t: number,
  { alphaBars, predictionType, guidance, clamp = 4, known }: SamplerOptions,
): Promise<Estimate> {
  const { conditional, unconditional } = await predict(x, t);
  const prediction = guide(conditional.prediction, unconditional?.prediction, guidance);
  const alphaBar = at(alphaBars, t);
  const epsilon = impliedNoise(predictionType, prediction, x, alphaBar);
  const x0 = impliedDrawing(predictionType, prediction, x, alphaBar).map((value) =>
    Math.min(Math.max(value, -clamp), clamp),
  );
  const seen = { x0, epsilon: known ? Float32Array.from(epsilon) : epsilon };
  if (known) replace(seen, x, alphaBar, known);
  return { ...seen, ...(conditional.penLogits && { penLogits: conditional.penLogits }) };
}

/** Puts what is known in the place of what the network sees, and what that makes of x into the noise. */
function replace(
  { x0, epsilon }: Estimate,
  x: Float32Array,
  alphaBar: number,
  { values, mask }: Known,
): void {
  const signal = Math.sqrt(alphaBar);
  const spread = Math.sqrt(1 - alphaBar);
  for (let i = 0; i < x.length; i++) {
    const place = i % mask.length;
    if (mask[place] === 0) continue;
    const value = values[place] ?? 0;
    x0[i] = value;
    epsilon[i] = ((x[i] ?? 0) - signal * value) / spread;
  }
}

/** ε∅ + w (ε_c - ε∅) (Ho and Salimans 2022, eq. 6, with their w + 1 written w). */
function guide(
  conditional: Float32Array,
  unconditional: Float32Array | undefined,
  guidance: number,
): Float32Array {
  if (unconditional === undefined) return conditional;
  return conditional.map((value, i) => {
    const other = unconditional[i] ?? 0;
    return other + guidance * (value - other);
  });
}
