/** A network's numbers as flat vectors of equal length. */
export interface OptimizerState {
  readonly weights: Float32Array;
  /** Running means of the gradient and of its square. */
  readonly moment1: Float32Array;
  readonly moment2: Float32Array;
  /** Exponential moving average of the weights. */
  readonly ema: Float32Array;
}

export interface AdamWOptions {
  readonly learningRate: number;
  readonly betas: readonly [number, number];
  readonly weightDecay: number;
  readonly epsilon: number;
  /** Factor on the gradient, below 1 where its norm is clipped. */
  readonly gradientScale: number;
  readonly emaDecay: number;
}

export const createOptimizerState = (weights: Float32Array): OptimizerState => ({
  weights,
  moment1: new Float32Array(weights.length),
  moment2: new Float32Array(weights.length),
  ema: weights.slice(),
});

/** Euclidean length of a vector, summed in float64. */
export function globalNorm(vector: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i] * vector[i];
  return Math.sqrt(sum);
}

/**
 * One step of AdamW (Loshchilov and Hutter 2019, algorithm 2), then of the moving average; in place.
 * `step` counts from 1. One pass over the vectors: at the seed's size about 3 % of a training step.
 */
export function adamWStep(
  state: OptimizerState,
  gradient: Float32Array,
  step: number,
  options: AdamWOptions,
): void {
  const { weights, moment1, moment2, ema } = state;
  const { learningRate, betas, weightDecay, epsilon, gradientScale, emaDecay } = options;
  const [beta1, beta2] = betas;
  const decay = 1 - learningRate * weightDecay;
  const stepSize = learningRate / (1 - beta1 ** step);
  const correction2 = 1 / Math.sqrt(1 - beta2 ** step);
  for (let i = 0; i < weights.length; i++) {
    const g = gradient[i] * gradientScale;
    const m = beta1 * moment1[i] + (1 - beta1) * g;
    const v = beta2 * moment2[i] + (1 - beta2) * g * g;
    const w = weights[i] * decay - (stepSize * m) / (Math.sqrt(v) * correction2 + epsilon);
    moment1[i] = m;
    moment2[i] = v;
    weights[i] = w;
    ema[i] = emaDecay * ema[i] + (1 - emaDecay) * w;
  }
}
