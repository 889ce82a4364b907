import { type DdimOptions, ddimStep } from "./ddim.ts";
import { estimate, type Predict, type SamplerState } from "./estimate.ts";

/**
 * How much denser time steps lie towards the drawing: n steps ask at T (1 - i/n)^1.5. At even distances the last of eight
 * would go from a fifth of noise to the mean of all drawings that could be in it, and wavy lines would come out straight
 * (docs/ablations.md).
 */
const DENSITY = 1.5;

/** The time steps of n steps, and 0, where they end. */
export const dpmTimes = (trainSteps: number, steps: number): number[] =>
  Array.from({ length: steps + 1 }, (_, i) =>
    // However many steps there are, no time is asked about twice.
    Math.max(Math.min(steps, trainSteps - 1) - i, Math.floor((trainSteps - 1) * (1 - i / steps) ** DENSITY)),
  );

/**
 * DPM-Solver++ (Lu et al. 2022b) from `noise`. Of order 2 (2M, algorithm 2) it continues what the network takes the
 * drawings for, along the half logarithm λ of the signal-to-noise ratio, by the last two evaluations, and makes DDIM's
 * step from there; with fresh noise that is SDE-DPM-Solver++(2M). The last interval, along λ many times as long as the one
 * before it, is of first order: continued that far the drawings would overshoot. Of order 1 all are: DDIM at these time
 * steps. Yields after every evaluation.
 */
export const dpmSolver = (order: 1 | 2) =>
  async function* (
    predict: Predict,
    noise: Float32Array,
    options: DdimOptions,
  ): AsyncGenerator<SamplerState> {
    const { alphaBars, times } = options;
    const steps = times.length - 1;
    const lambdas = times.map((t) => Math.log(alphaBars[t] / (1 - alphaBars[t])) / 2);
    let x = noise;
    let before: Float32Array | undefined;
    for (let step = 0; step < steps; step++) {
      const { x0, epsilon: _, ...pen } = await estimate(predict, x, times[step], options);
      const [alphaBar, next] = [alphaBars[times[step]], alphaBars[times[step + 1]]];
      const previous = order === 2 && step < steps - 1 ? (before ?? x0) : x0;
      // 1 / (2r) with r the last interval by this one.
      const ahead =
        step > 0 ? (lambdas[step + 1] - lambdas[step]) / (2 * (lambdas[step] - lambdas[step - 1])) : 0;
      const continued = x0.map((value, i) => value + ahead * (value - previous[i]));
      const [signal, spread] = [Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar)];
      const epsilon = x.map((value, i) => (value - signal * continued[i]) / spread);
      x = ddimStep({ x0: continued, epsilon }, alphaBar, next, options);
      before = x0;
      yield { step: step + 1, x, x0, ...pen };
    }
  };
