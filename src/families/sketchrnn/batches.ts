import { at } from "../../base/at.ts";
import { type RandomStream, randomStream, streams } from "../../base/random.ts";
import { augmented } from "./augment.ts";
import type { Head } from "./head.ts";
import type { SketchRnnSettings, SketchRnnTraining } from "./settings.ts";
import { STEP, stroke5 } from "./stroke5.ts";
import type { TrainingSet } from "./training-set.ts";

export interface BatchOptions<S extends SketchRnnSettings> {
  readonly network: S;
  readonly training: SketchRnnTraining;
  readonly noise: Head<S>["noise"];
}

/** What a step is learnt from; every array holds the drawings in order. */
export type Batch = {
  /** Zeros, the steps, then ends: [batch, points + 1, 5]. */
  readonly steps: Float32Array;
  readonly labels: BigInt64Array;
  /** Factors of recurrent dropout, [batch, hidden]; empty without any. */
  readonly kept: Float32Array;
  /** What codes are drawn by, [batch, codeWidth], and the weight of their divergence, [batch]; empty without codes. */
  readonly codeNoise: Float32Array;
  readonly klWeights: Float32Array;
  /** The head's random numbers, [batch, points, …]; empty where it needs none. */
  readonly noise: Float32Array;
};

/**
 * The batch of one step (counted over the whole stage), made from the drawings at `members`. It depends on nothing but the seed, the step and the members, so that a resumed run goes on with the same
 * batches.
 */
export function makeBatch<S extends SketchRnnSettings>(
  set: TrainingSet,
  members: Uint32Array,
  step: number,
  { network, training, noise }: BatchOptions<S>,
): Batch {
  const { points, hidden, codeWidth = 0 } = network;
  const { augment, recurrentDropout, seed, klWeight } = training;
  const rows = points + 1;
  const steps = new Float32Array(members.length * rows * STEP);
  const labels = new BigInt64Array(members.length);
  const kept = new Float32Array(recurrentDropout > 0 ? members.length * hidden : 0);
  const codeNoise = new Float32Array(members.length * codeWidth);
  const klWeights = new Float32Array(codeWidth > 0 ? members.length : 0).fill(klWeight * annealed(step));
  const numbers = noise?.size(network) ?? 0;
  const random = new Float32Array(members.length * points * numbers);
  for (const [place, member] of members.entries()) {
    const stream = randomStream(seed, streams.example, step, place);
    const drawing = at(set.drawings, member);
    steps.set(stroke5(augment ? augmented(drawing, stream) : drawing, rows), place * rows * STEP);
    labels[place] = BigInt(at(set.labels, member));
    if (recurrentDropout > 0) kept.set(mask(hidden, recurrentDropout, stream), place * hidden);
    for (let i = 0; i < codeWidth; i++) codeNoise[place * codeWidth + i] = stream.normal();
    if (noise === undefined) continue;
    for (let i = 0; i < points; i++) random.set(noise.draw(network, stream), (place * points + i) * numbers);
  }
  return { steps, labels, kept, codeNoise, klWeights, noise: random };
}

/** What is left of the way to the whole weight after a step; Magenta's 0.99995 is for a hundred times as many. */
const ANNEALING = 0.999;
const FIRST_WEIGHT = 0.01;

/** The share of the divergence's weight at a step (Ha and Eck 2017, eq. 12). */
const annealed = (step: number): number => 1 - (1 - FIRST_WEIGHT) * ANNEALING ** step;

/** Zeros for units that are dropped; the others are made larger, so that the sum stays. */
const mask = (units: number, dropout: number, stream: RandomStream): number[] =>
  Array.from({ length: units }, () => Number(stream.uniform() >= dropout) / (1 - dropout));
