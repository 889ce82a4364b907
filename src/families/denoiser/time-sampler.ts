import { at } from "../../base/at.ts";
import type { RandomStream } from "../../base/random.ts";
import {
  type LossWeighting,
  lossWeight,
  type PredictionType,
  type TimeSampling,
} from "../../diffusion/parameterisation.ts";

/** A time step to train at, and the weight of the error there. */
export type TimeSampler = (random: RandomStream) => { readonly t: number; readonly weight: number };

interface TimeOptions {
  readonly alphaBars: Float64Array;
  readonly prediction: PredictionType;
  readonly lossWeighting: LossWeighting;
  readonly timeSampling: TimeSampling;
}

/**
 * Draws time steps for training. Both ways have the same expected loss; where steps come as often as their weight, no
 * drawing is spent on a time step that hardly counts, so that the gradient is less noisy.
 */
export function timeSampler({
  alphaBars,
  prediction,
  lossWeighting,
  timeSampling,
}: TimeOptions): TimeSampler {
  const weights = alphaBars.map((alphaBar) => lossWeight(lossWeighting, prediction, alphaBar));
  if (timeSampling === "uniform") {
    return (random) => {
      const t = random.uint32() % weights.length;
      return { t, weight: at(weights, t) };
    };
  }
  let total = 0;
  const sums = weights.map((weight) => {
    total += weight;
    return total;
  });
  return (random) => {
    const place = random.uniform() * total;
    const t = firstAbove(sums, place);
    return { t, weight: total / weights.length };
  };
}

/** The first index whose value is above `place`; the last one where rounding left none. */
function firstAbove(ascending: Float64Array, place: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(ascending, middle) > place) high = middle;
    else low = middle + 1;
  }
  return low;
}
