import { z } from "zod";
import { denoiserSampling, denoiserSettings, denoiserTraining } from "../denoiser/settings.ts";
import type { AnyRun, Problem } from "../family.ts";
import type { StrokeStatistics } from "./statistics.ts";

const count = z.int().positive();

export const settings = z.strictObject({
  family: z.literal("autoregressive-stroke"),
  points: z.int().min(2).describe("points of a stroke, at equal distances of arc length"),
  frequencies: count.describe("lowest frequencies of these points that are kept"),
  strokes: z.int().min(1).describe("most strokes of a drawing; training drawings of more are left out"),
  ...denoiserSettings.pick({ strokeOrder: true, prediction: true, diffusionSteps: true }).shape,
  contextWidth: count.describe("channels of the transformer that reads the strokes so far"),
  contextBlocks: count.describe("its blocks of attention and a perceptron"),
  contextHeads: count.describe("its heads of attention"),
  width: count.describe("channels of the network that takes the noise off a stroke"),
  blocks: count.describe("its blocks"),
});

export type StrokeSettings = z.output<typeof settings>;

/** How the networks are trained: together, as one denoiser of strokes. */
export const training = z.strictObject({
  ...denoiserTraining.omit({ augment: true, penWeight: true, dropoutPer: true }).shape,
  targets: count.describe("noisy strokes of each drawing a step, its strokes in turn"),
  contextNoise: z
    .number()
    .min(0)
    .describe("largest deviation of the noise on the strokes so far, in deviations of their numbers"),
});

export type StrokeTraining = z.output<typeof training>;

/** How a model draws unless told otherwise. */
export const sampling = z.strictObject({
  ...denoiserSampling.shape,
  contextNoise: z
    .number()
    .min(0)
    .meta({ setting: "samplingContextNoise" })
    .describe("deviation of the noise on the strokes so far while drawing"),
});

type StrokeSampling = z.output<typeof sampling>;

/** A training run. */
export interface StrokeRun extends AnyRun {
  readonly network: StrokeSettings;
  readonly optimisation: { readonly denoiser: StrokeTraining };
  readonly sampling: StrokeSampling;
}

/** A trained model. */
export interface StrokeConfig {
  readonly format: number;
  readonly categories: readonly string[];
  readonly network: StrokeSettings;
  readonly learnt: StrokeStatistics;
  readonly sampling: StrokeSampling;
}

export interface StrokeModel {
  readonly config: StrokeConfig;
  readonly weights: Float32Array;
}

/** Rules between settings. */
export function* problems({
  points,
  frequencies,
  contextWidth,
  contextHeads,
}: StrokeSettings): Generator<Problem> {
  if (frequencies >= points)
    yield { path: ["network", "frequencies"], message: `expected fewer than points ${points}` };
  if (contextWidth % contextHeads !== 0)
    yield {
      path: ["network", "contextHeads"],
      message: `expected a divisor of contextWidth ${contextWidth}`,
    };
}
