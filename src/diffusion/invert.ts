import { at } from "../base/at.ts";
import { estimate, type Predict, type SamplerOptions, type SamplerState } from "./estimate.ts";
import { intervals } from "./schedule.ts";

/**
 * DDIM backwards (Song et al. 2020, section 4.3): from drawings to the noise that DDIM without fresh noise makes them
 * from, the more exactly the more steps; `times` rise. Yields after every network evaluation.
 */
export async function* invert(
  predict: Predict,
  drawings: Float32Array,
  options: SamplerOptions,
): AsyncGenerator<SamplerState> {
  const { alphaBars, times } = options;
  let x = drawings;
  for (const [step, { t, next }] of intervals(times).entries()) {
    const { x0, epsilon, ...pen } = await estimate(predict, x, t, options);
    const alphaBar = at(alphaBars, next);
    const [signal, spread] = [Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar)];
    x = x0.map((value, i) => signal * value + spread * (epsilon[i] ?? 0));
    yield { step: step + 1, x, x0, ...pen };
  }
}
