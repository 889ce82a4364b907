import { at } from "../../base/at.ts";
import { type RandomStream, randomStream, streams } from "../../base/random.ts";
import { type PredictionType, predictionTarget } from "../../diffusion/parameterisation.ts";
import { addNoise } from "../../diffusion/schedule.ts";
import type { TimeSampler } from "../denoiser/time-sampler.ts";
import type { StrokeSettings, StrokeTraining } from "./settings.ts";
import { numbersOf, rowOf, rowSize } from "./strokes.ts";
import type { StrokeSet } from "./training-set.ts";

export interface BatchOptions
  extends Pick<StrokeSettings, "frequencies" | "strokes">,
    Pick<StrokeTraining, "targets" | "contextNoise" | "classDropout" | "seed"> {
  readonly alphaBars: Float64Array;
  /** The label that stands for "no class". */
  readonly noClass: number;
  readonly prediction: PredictionType;
  readonly timeSampler: TimeSampler;
}

/** What the networks are given for some drawings and what they should say; every array holds the drawings in order. */
export type StrokeBatch = {
  /** [batch, strokes, numbers]: the stroke before each one, with noise; zeros before the first. */
  readonly before: Float32Array;
  readonly labels: BigInt64Array;
  /** [batch, targets]: which stroke of its drawing each target is. */
  readonly places: BigInt64Array;
  /** [batch, targets, numbers + 1]. */
  readonly noisy: Float32Array;
  readonly times: Float32Array;
  /** The noise or velocity to predict, like `noisy`. */
  readonly target: Float32Array;
  /** Weight of each target's squared error, [batch, targets]. */
  readonly weights: Float32Array;
};

/**
 * The batch of one step (counted over the whole stage), made from the drawings at `members`. It depends on nothing but the
 * seed, the step and the members.
 */
export function makeBatch(
  set: StrokeSet,
  members: Uint32Array,
  step: number,
  options: BatchOptions,
): StrokeBatch {
  const { strokes, targets, seed, alphaBars, classDropout, noClass, prediction } = options;
  const [numbers, size] = [numbersOf(options), rowSize(options)];
  const all = members.length * targets;
  const batch = {
    before: new Float32Array(members.length * strokes * numbers),
    labels: new BigInt64Array(members.length),
    places: new BigInt64Array(all),
    noisy: new Float32Array(all * size),
    times: new Float32Array(all),
    target: new Float32Array(all * size),
    weights: new Float32Array(all),
  };
  for (const [place, member] of members.entries()) {
    const stream = randomStream(seed, streams.example, step, place);
    const drop = stream.uniform() < classDropout;
    batch.labels[place] = BigInt(drop ? noClass : at(set.labels, member));
    const drawing = at(set.drawings, member);
    const count = drawing.length / numbers;
    // One deviation a drawing, down to none: the network meets contexts that are good and such that are not.
    const context = withNoise(drawing.subarray(0, -numbers), options.contextNoise * stream.uniform(), stream);
    batch.before.set(context, (place * strokes + 1) * numbers);

    const first = stream.uint32() % count;
    for (let i = 0; i < targets; i++) {
      const row = place * targets + i;
      const which = (first + i) % count;
      const { t, weight } = options.timeSampler(stream);
      const alphaBar = at(alphaBars, t);
      const x0 = rowOf(drawing.subarray(which * numbers, (which + 1) * numbers), which === count - 1);
      const noise = Float32Array.from({ length: size }, () => stream.normal());
      const part = (values: Float32Array) => values.subarray(row * size, (row + 1) * size);
      addNoise(x0, noise, alphaBar, part(batch.noisy));
      predictionTarget(prediction, x0, noise, alphaBar, part(batch.target));
      batch.places[row] = BigInt(which);
      batch.times[row] = t;
      // All strokes count the same: did drawings, each stroke would be too likely the last.
      batch.weights[row] = (weight * count) / targets;
    }
  }
  return batch;
}

/**
 * Strokes as a model might have drawn them: elsewhere, larger, of another shape. A network that has learnt from such strokes
 * goes on from its own (noise on what is conditioned on: Ho et al. 2022, "Cascaded diffusion models").
 */
export const withNoise = (numbers: Float32Array, deviation: number, stream: RandomStream): Float32Array =>
  numbers.map((value) => value + deviation * stream.normal());
