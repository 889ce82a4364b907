/** What a network predicts: the noise ε (Ho et al. 2020) or the velocity v (Salimans and Ho 2022). */
export const predictions = ["noise", "v"] as const;
export type PredictionType = (typeof predictions)[number];

/** Weight of a time step's squared error: 1, or min(SNR, 5) in terms of x0 (Hang et al. 2023). */
export const lossWeightings = ["uniform", "min-snr"] as const;
export type LossWeighting = (typeof lossWeightings)[number];

/** Whether training meets all time steps equally often, or each as often as its weight says. */
export const timeSamplings = ["uniform", "weighted"] as const;
export type TimeSampling = (typeof timeSamplings)[number];

const SNR_LIMIT = 5;

/** Writes what the network should predict: ε, or v = √ᾱ ε - √(1-ᾱ) x0 (Salimans and Ho 2022, appendix D). */
export function predictionTarget(
  type: PredictionType,
  x0: Float32Array,
  noise: Float32Array,
  alphaBar: number,
  target: Float32Array,
): void {
  if (type === "noise") {
    target.set(noise);
    return;
  }
  const signal = Math.sqrt(alphaBar);
  const spread = Math.sqrt(1 - alphaBar);
  for (let i = 0; i < x0.length; i++) target[i] = signal * (noise[i] ?? 0) - spread * (x0[i] ?? 0);
}

/** The noise that a prediction for x at ᾱ implies: ε itself, or √ᾱ v + √(1-ᾱ) x. */
export function impliedNoise(
  type: PredictionType,
  prediction: Float32Array,
  x: Float32Array,
  alphaBar: number,
): Float32Array {
  if (type === "noise") return prediction;
  const signal = Math.sqrt(alphaBar);
  const spread = Math.sqrt(1 - alphaBar);
  return prediction.map((v, i) => signal * v + spread * (x[i] ?? 0));
}

/** The drawing that a prediction for x at ᾱ implies: (x - √(1-ᾱ) ε) / √ᾱ, or √ᾱ x - √(1-ᾱ) v. */
export function impliedDrawing(
  type: PredictionType,
  prediction: Float32Array,
  x: Float32Array,
  alphaBar: number,
): Float32Array {
  const signal = Math.sqrt(alphaBar);
  const spread = Math.sqrt(1 - alphaBar);
  return type === "noise"
    ? prediction.map((epsilon, i) => ((x[i] ?? 0) - spread * epsilon) / signal)
    : prediction.map((v, i) => signal * (x[i] ?? 0) - spread * v);
}

/**
 * The weight of the squared error of a prediction at ᾱ. With SNR = ᾱ/(1-ᾱ), an error of x0 is one of ε times √(1/SNR)
 * and one of v times √(1/(SNR+1)).
 */
export function lossWeight(weighting: LossWeighting, type: PredictionType, alphaBar: number): number {
  if (weighting === "uniform") return 1;
  const snr = alphaBar / (1 - alphaBar);
  return Math.min(snr, SNR_LIMIT) / (type === "noise" ? snr : snr + 1);
}
