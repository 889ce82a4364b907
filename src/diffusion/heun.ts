import { at } from "../base/at.ts";
import { estimate, type Predict, type SamplerOptions, type SamplerState } from "./estimate.ts";
import { timeSteps } from "./schedule.ts";

/**
 * The time steps of so many evaluations, and 0, where they end: two evaluations an interval, one for the last, and for the
 * one before it where a second is missing. An interval's second evaluation is at the time step where the next begins, so
 * that time step comes twice.
 */
export function heunTimes(trainSteps: number, evaluations: number): number[] {
  const intervals = Math.floor(evaluations / 2) + 1;
  const stops = timeSteps(trainSteps, intervals);
  return stops.flatMap((t, i) => (i >= 1 && i <= evaluations - intervals ? [t, t] : [t]));
}

/**
 * Heun's method from `noise`, as Karras et al. 2022 (algorithm 1) propose for the probability flow; along the angle
 * φ = arccos √ᾱ, in which it reads dx/dφ = v with v = √ᾱ ε - √(1-ᾱ) x0 (Salimans and Ho 2022, appendix D) and, other
 * than along σ, stays finite where a schedule ends in pure noise. An interval is corrected where the time step at its end comes twice.
 * Yields after every evaluation.
 */
export async function* heun(
  predict: Predict,
  noise: Float32Array,
  options: SamplerOptions,
): AsyncGenerator<SamplerState> {
  const { alphaBars, times } = options;
  const evaluations = times.length - 1;
  const velocity = async (x: Float32Array, t: number) => {
    const { x0, epsilon, ...pen } = await estimate(predict, x, t, options);
    const alphaBar = at(alphaBars, t);
    const [signal, spread] = [Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar)];
    return { v: x0.map((value, i) => signal * (epsilon[i] ?? 0) - spread * value), x0, pen };
  };
  const angle = (t: number) => Math.acos(Math.sqrt(at(alphaBars, t)));

  let x = noise;
  let step = 0;
  while (step < evaluations) {
    const [t, next] = [at(times, step), at(times, step + 1)];
    const turn = angle(next) - angle(t);
    const { v, x0, pen } = await velocity(x, t);
    // Where v stays the same, x turns with it: this is DDIM's step.
    const turned = x.map((value, i) => Math.cos(turn) * value + Math.sin(turn) * (v[i] ?? 0));
    yield { step: ++step, x: turned, x0, ...pen };
    if (step + 1 < evaluations && times[step + 1] === next) {
      const there = await velocity(turned, next);
      x = x.map((value, i) => value + (turn * ((v[i] ?? 0) + (there.v[i] ?? 0))) / 2);
      yield { step: ++step, x, x0: there.x0, ...there.pen };
    } else x = turned;
  }
}
