import { estimate, type Predict, type SamplerOptions, type SamplerState } from "./estimate.ts";
import { timeSteps } from "./schedule.ts";

/** Intervals for so many evaluations: two each, one for the last, and for the one before it where a second is missing. */
export const heunIntervals = (evaluations: number): number => Math.floor(evaluations / 2) + 1;

/**
 * Heun's method from `noise`, as Karras et al. 2022 (algorithm 1) propose for the probability flow; along the angle
 * φ = arccos √ᾱ, in which it reads dx/dφ = v with v = √ᾱ ε - √(1-ᾱ) x0 (Salimans and Ho 2022, appendix D) and, other
 * than along σ, stays finite where a schedule ends in pure noise. Yields after every evaluation.
 */
export async function* heun(
  predict: Predict,
  noise: Float32Array,
  options: SamplerOptions,
): AsyncGenerator<SamplerState> {
  const { alphaBars, steps } = options;
  const intervals = heunIntervals(steps);
  const times = timeSteps(alphaBars.length, intervals);
  const velocity = async (x: Float32Array, t: number) => {
    const { x0, epsilon, ...pen } = await estimate(predict, x, t, options);
    const [signal, spread] = [Math.sqrt(alphaBars[t]), Math.sqrt(1 - alphaBars[t])];
    return { v: x0.map((value, i) => signal * epsilon[i] - spread * value), x0, pen };
  };
  const angle = (t: number) => Math.acos(Math.sqrt(alphaBars[t]));

  let x = noise;
  let step = 0;
  for (let i = 0; i < intervals; i++) {
    const turn = angle(times[i + 1]) - angle(times[i]);
    const { v, x0, pen } = await velocity(x, times[i]);
    // Where v stays the same, x turns with it: this is DDIM's step.
    const turned = x.map((value, at) => Math.cos(turn) * value + Math.sin(turn) * v[at]);
    yield { step: ++step, x: turned, x0, ...pen };
    if (i < steps - intervals) {
      const there = await velocity(turned, times[i + 1]);
      x = x.map((value, at) => value + (turn * (v[at] + there.v[at])) / 2);
      yield { step: ++step, x, x0: there.x0, ...there.pen };
    } else x = turned;
  }
}
