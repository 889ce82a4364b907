import { estimate, type Predict, type SamplerOptions, type SamplerState } from "./estimate.ts";

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
  for (let step = 0; step < times.length - 1; step++) {
    const next = alphaBars[times[step + 1]];
    const { x0, epsilon, ...pen } = await estimate(predict, x, times[step], options);
    const [signal, spread] = [Math.sqrt(next), Math.sqrt(1 - next)];
    x = x0.map((value, i) => signal * value + spread * epsilon[i]);
    yield { step: step + 1, x, x0, ...pen };
  }
}
