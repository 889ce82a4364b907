import { permutation, type RandomStream, randomStream, streams } from "../base/random.ts";
import { addNoise } from "../diffusion/schedule.ts";
import { augment } from "../sketch/augment.ts";
import type { Batch } from "./gradient-program.ts";
import type { TrainingSet } from "./training-set.ts";

export interface BatchOptions {
  readonly batchSize: number;
  readonly seed: number;
  readonly alphaBars: Float64Array;
  /** The label that stands for "no class". */
  readonly noClass: number;
  readonly classDropout: number;
  readonly dropoutPer: "batch" | "drawing";
}

/** Steps of one epoch: the last, incomplete batch is dropped. */
export const stepsPerEpoch = (set: TrainingSet, batchSize: number): number =>
  Math.floor(set.labels.length / batchSize);

/** The order of the drawings in an epoch. */
export const epochOrder = (set: TrainingSet, seed: number, epoch: number): Uint32Array =>
  permutation(set.labels.length, randomStream(seed, streams.order, epoch));

/**
 * The batch of one step (counted over the whole run), made from the drawings at `members`.
 * It depends on nothing but the seed, the step and the members, so that a resumed run goes on with the same batches.
 */
export function makeBatch(
  set: TrainingSet,
  members: Uint32Array,
  step: number,
  options: BatchOptions,
): Batch {
  const { batchSize, seed, alphaBars, noClass, classDropout, dropoutPer } = options;
  const { points } = set;
  const size = points * 2;
  const noisy = new Float32Array(batchSize * size);
  const target = new Float32Array(batchSize * size);
  const times = new Float32Array(batchSize);
  const labels = new BigInt64Array(batchSize);
  const pens = new Float32Array(batchSize * points);
  const drops = (stream: RandomStream) => stream.uniform() < classDropout;
  const dropAll = dropoutPer === "batch" && drops(randomStream(seed, streams.batch, step));

  for (const [place, member] of members.entries()) {
    const stream = randomStream(seed, streams.example, step, place);
    const drop = dropoutPer === "batch" ? dropAll : drops(stream);
    const t = stream.uint32() % alphaBars.length;
    const x0 = augment(set.deltas.subarray(member * size, (member + 1) * size), stream);
    const noise = target.subarray(place * size, (place + 1) * size);
    for (let i = 0; i < size; i++) noise[i] = stream.normal();
    addNoise(x0, noise, alphaBars[t], noisy.subarray(place * size, (place + 1) * size));
    times[place] = t;
    labels[place] = BigInt(drop ? noClass : set.labels[member]);
    pens.set(set.pens.subarray(member * points, (member + 1) * points), place * points);
  }
  return { noisy, times, labels, target, pens };
}
