import { at } from "../../base/at.ts";
import { type RandomStream, randomStream, streams } from "../../base/random.ts";
import { type PredictionType, predictionTarget } from "../../diffusion/parameterisation.ts";
import { addNoise } from "../../diffusion/schedule.ts";
import { type Example, type ExampleOptions, exampleOf, tellKnown } from "./example.ts";
import type { TimeSampler } from "./time-sampler.ts";
import type { TrainingSet } from "./training-set.ts";

/** Clean rows of numbers to learn from, drawings or codes of drawings. */
export interface Examples {
  readonly points: number;
  readonly channels: number;
  /** Index of each one's category. */
  readonly labels: ArrayLike<number>;
  /** The one at a place, as a step sees it; whatever is random comes from its stream. */
  exampleOf(member: number, stream: RandomStream): Example;
}

export interface NoiseOptions {
  readonly batchSize: number;
  readonly seed: number;
  readonly alphaBars: Float64Array;
  /** The label that stands for "no class". */
  readonly noClass: number;
  readonly classDropout: number;
  readonly dropoutPer: "batch" | "drawing";
  readonly prediction: PredictionType;
  readonly timeSampler: TimeSampler;
}

export interface BatchOptions extends NoiseOptions, ExampleOptions {}

/** A batch of noisy drawings and what the network should say of them; every array holds the drawings in order. */
export type Batch = {
  /** Without noise. */
  readonly clean: Float32Array;
  readonly noisy: Float32Array;
  readonly times: Float32Array;
  readonly labels: BigInt64Array;
  /** The noise or velocity to predict. */
  readonly target: Float32Array;
  /** Weight of each drawing's squared error. */
  readonly weights: Float32Array;
  readonly pens: Float32Array;
  /** 1 on points that are known, [batch, points]; the noisy drawings have no noise there. */
  readonly known: Float32Array;
};

/** A batch of drawings. */
export const makeBatch = (
  set: TrainingSet,
  members: Uint32Array,
  step: number,
  options: BatchOptions,
): Batch => noisyBatch(examplesOf(set, options), members, step, options);

const examplesOf = (set: TrainingSet, options: ExampleOptions): Examples => ({
  points: set.points,
  channels: options.pen === "channel" ? 3 : 2,
  labels: set.labels,
  exampleOf: (member, stream) => exampleOf(set, member, stream, options),
});

/**
 * The batch of one step (counted over the whole stage), made from the drawings at `members`.
 * It depends on nothing but the seed, the step and the members, so that a resumed run goes on with the same batches.
 */
export function noisyBatch(
  { points, channels, labels: categories, exampleOf }: Examples,
  members: Uint32Array,
  step: number,
  options: NoiseOptions,
): Batch {
  const { batchSize, seed, alphaBars, noClass, classDropout, dropoutPer } = options;
  const size = points * channels;
  const clean = new Float32Array(batchSize * size);
  const noisy = new Float32Array(batchSize * size);
  const target = new Float32Array(batchSize * size);
  const times = new Float32Array(batchSize);
  const weights = new Float32Array(batchSize);
  const labels = new BigInt64Array(batchSize);
  const pens = new Float32Array(batchSize * points);
  const known = new Float32Array(batchSize * points);
  const drops = (stream: RandomStream) => stream.uniform() < classDropout;
  const dropAll = dropoutPer === "batch" && drops(randomStream(seed, streams.batch, step));

  for (const [place, member] of members.entries()) {
    const stream = randomStream(seed, streams.example, step, place);
    const drop = dropoutPer === "batch" ? dropAll : drops(stream);
    const { t, weight } = options.timeSampler(stream);
    const example = exampleOf(member, stream);
    const { x0 } = example;
    const alphaBar = at(alphaBars, t);
    const noise = Float32Array.from({ length: size }, () => stream.normal());
    const row = (all: Float32Array) => all.subarray(place * size, (place + 1) * size);
    row(clean).set(x0);
    addNoise(x0, noise, alphaBar, row(noisy));
    tellKnown({ noisy, known }, example, place);
    predictionTarget(options.prediction, x0, noise, alphaBar, row(target));
    times[place] = t;
    weights[place] = weight;
    labels[place] = BigInt(drop ? noClass : at(categories, member));
    pens.set(example.pens, place * points);
  }
  return { clean, noisy, times, labels, target, weights, pens, known };
}
