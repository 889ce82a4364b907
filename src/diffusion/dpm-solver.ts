import { at } from "../base/at.ts";
import { type DdimOptions, ddimStep } from "./ddim.ts";
import { estimate, type Predict, type SamplerState } from "./estimate.ts";
import { intervals } from "./schedule.ts";

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

/** Half the logarithm of the signal-to-noise ratio. */
const lambda = (alphaBar: number): number => Math.log(alphaBar / (1 - alphaBar)) / 2;

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
    const steps = intervals(times);
    let x = noise;
    let before: { readonly x0: Float32Array; readonly length: number } | undefined;
    for (const [step, { t, next }] of steps.entries()) {
      const { x0, epsilon: _, ...pen } = await estimate(predict, x, t, options);
      const [alphaBar, nextAlphaBar] = [at(alphaBars, t), at(alphaBars, next)];
      const length = lambda(nextAlphaBar) - lambda(alphaBar);
      const previous = order === 2 && before && step < steps.length - 1 ? before.x0 : x0;
      // 1 / (2r) with r the last interval by this one.
      const ahead = before ? length / (2 * before.length) : 0;
      const continued = x0.map((value, i) => value + ahead * (value - (previous[i] ?? 0)));
      const [signal, spread] = [Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar)];
      const epsilon = x.map((value, i) => (value - signal * (continued[i] ?? 0)) / spread);
      x = ddimStep({ x0: continued, epsilon }, alphaBar, nextAlphaBar, options);
      before = { x0, length };
      yield { step: step + 1, x, x0, ...pen };
    }
  };
