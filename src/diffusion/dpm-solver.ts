import { estimate, type Predict, type SamplerOptions, type SamplerState } from "./estimate.ts";
import { timeSteps } from "./schedule.ts";

/**
 * DPM-Solver++(2M) (Lu et al. 2022b, algorithm 2) from `noise`: what the network takes the drawings for, continued along
 * the half logarithm λ of the signal-to-noise ratio by the last two evaluations. The last interval, along λ many times as
 * long as the one before it, is of first order: continued that far the drawings would overshoot. Yields after every
 * evaluation.
 */
export async function* dpmSolver(
  predict: Predict,
  noise: Float32Array,
  options: SamplerOptions,
): AsyncGenerator<SamplerState> {
  const { alphaBars, steps } = options;
  const times = timeSteps(alphaBars.length, steps);
  const lambdas = times.map((t) => Math.log(alphaBars[t] / (1 - alphaBars[t])) / 2);
  let x = noise;
  let before: Float32Array | undefined;
  for (let step = 0; step < steps; step++) {
    const { x0, epsilon: _, ...pen } = await estimate(predict, x, times[step], options);
    const [alphaBar, next] = [alphaBars[times[step]], alphaBars[times[step + 1]]];
    const h = lambdas[step + 1] - lambdas[step];
    const previous = step < steps - 1 ? (before ?? x0) : x0;
    // 1 / (2r) with r the last interval by this one.
    const ahead = step > 0 ? h / (2 * (lambdas[step] - lambdas[step - 1])) : 0;
    const keep = Math.sqrt((1 - next) / (1 - alphaBar));
    const take = -Math.sqrt(next) * Math.expm1(-h);
    x = x.map((value, i) => keep * value + take * (x0[i] + ahead * (x0[i] - previous[i])));
    before = x0;
    yield { step: step + 1, x, x0, ...pen };
  }
}
