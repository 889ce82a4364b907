// The passes over whole vectors that a training step ends with, each over a part from .. to of them, so that threads can
// share them out. In JavaScript, so that Node starts a thread with it as it is, from the sources as from a build.

/**
 * Adds up vectors into the first of them. The sum of squares is a float64.
 * @param {readonly [Float32Array, ...Float32Array[]]} vectors
 * @param {number} from
 * @param {number} to
 * @returns {number} the sum's squared Euclidean length
 */
export function addUp([sum, ...others], from, to) {
  for (const other of others) for (let i = from; i < to; i++) sum[i] = (sum[i] ?? 0) + (other[i] ?? 0);
  let squares = 0;
  for (let i = from; i < to; i++) {
    const value = sum[i] ?? 0;
    squares += value * value;
  }
  return squares;
}

/**
 * One step of AdamW (Loshchilov and Hutter 2019, algorithm 2), then of the moving average; in place, in one pass.
 * @param {import("./optimizer.ts").OptimizerState} state
 * @param {Float32Array} gradient
 * @param {number} step counts from 1
 * @param {import("./optimizer.ts").AdamWOptions} options
 * @param {number} from
 * @param {number} to
 */
export function adamWStep({ weights, moment1, moment2, ema }, gradient, step, options, from, to) {
  const { learningRate, betas, weightDecay, epsilon, gradientScale, emaDecay } = options;
  const [beta1, beta2] = betas;
  const decay = 1 - learningRate * weightDecay;
  const stepSize = learningRate / (1 - beta1 ** step);
  const correction2 = 1 / Math.sqrt(1 - beta2 ** step);
  for (let i = from; i < to; i++) {
    const g = (gradient[i] ?? 0) * gradientScale;
    const m = beta1 * (moment1[i] ?? 0) + (1 - beta1) * g;
    const v = beta2 * (moment2[i] ?? 0) + (1 - beta2) * g * g;
    const w = (weights[i] ?? 0) * decay - (stepSize * m) / (Math.sqrt(v) * correction2 + epsilon);
    moment1[i] = m;
    moment2[i] = v;
    weights[i] = w;
    ema[i] = emaDecay * (ema[i] ?? 0) + (1 - emaDecay) * w;
  }
}
