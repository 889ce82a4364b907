import { z } from "zod";
import { lossWeightings, predictions, timeSamplings } from "../../diffusion/parameterisation.ts";
import { samplerNames } from "../../diffusion/samplers.ts";
import { optimisationKeys } from "../../training/optimisation.ts";
import type { Problem } from "../family.ts";

const count = z.int().positive();
/** Of any use; the schedule takes memory for each. */
const MOST_DIFFUSION_STEPS = 1e6;

/** How a network is given drawings. */
export const encodingKeys = {
  encoding: z
    .enum(["delta", "position"])
    .describe("what a point is: the step from the point before, or where it is"),
  points: count
    .multipleOf(4)
    .describe("points of a drawing; shorter ones are padded, longer ones cut (delta) or left out (position)"),
  simplify: z
    .number()
    .min(0)
    .default(0)
    .describe(
      "epsilon of Ramer-Douglas-Peucker before encoding, more where a drawing would not fit otherwise; 0: none",
    ),
  strokeOrder: z
    .enum(["drawn", "directed", "size"])
    .default("drawn")
    .describe(
      "strokes as they were drawn, the same with each in a set direction, or those with the largest first",
    ),
} as const;

/** Settings of every network that takes the noise off drawings; a family adds its sizes. */
export const denoiserKeys = {
  ...encodingKeys,
  pen: z
    .enum(["head", "channel"])
    .describe("the pen as a head of the network, or as a third coordinate of the drawing"),
  corners: z
    .boolean()
    .default(false)
    .describe(
      "the pen also tells corners from bends, else sharp turns are corners; needs positions, and the pen as a channel",
    ),
  prediction: z.enum(predictions).describe("what the network predicts: the noise or the velocity v"),
  diffusionSteps: count.max(MOST_DIFFUSION_STEPS).describe("length of the noise schedule"),
  prefixConditioning: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe(
      "share of the training drawings of which a prefix is given as drawn, to learn to complete drawings; needs positions, and the pen as a channel",
    ),
  maxGuidance: z
    .number()
    .min(1)
    .optional()
    .meta({ setting: "" })
    .describe("the network has guidance distilled into it, from 0 to this weight, which it is told"),
} as const;

/** The same of any family, without its own sizes. */
export const denoiserSettings = z.object({ family: z.string(), ...denoiserKeys });

export type DenoiserSettings = z.output<typeof denoiserSettings>;

/** How a denoiser is trained. */
export const denoiserTraining = z.strictObject({
  augment: z.boolean().describe("mirrored, scaled and turned drawings"),
  lossWeighting: z.enum(lossWeightings).describe("weight of the time steps: uniform, or min(SNR, 5)"),
  timeSampling: z
    .enum(timeSamplings)
    .default("uniform")
    .describe(
      "time steps equally often, their errors weighted; or as often as their weight, errors as they are",
    ),
  penWeight: z.number().min(0).describe("weight of the pen's cross-entropy beside the noise's squared error"),
  classDropout: z.number().min(0).max(1).describe("probability of training without the class"),
  dropoutPer: z
    .enum(["batch", "drawing"])
    .describe("whether the class is dropped for whole batches or single drawings"),
  ...optimisationKeys,
});

export type DenoiserTraining = z.output<typeof denoiserTraining>;

/** How a denoiser draws unless told otherwise. */
export const denoiserSampling = z.strictObject({
  steps: count
    .meta({ setting: "samplingSteps" })
    .describe("steps of the sampler; with guidance the network is asked twice in each"),
  guidance: z.number().min(0).describe("weight of classifier-free guidance; 1: none"),
  sampler: z.enum(samplerNames).default("ddim").describe("the way from noise to a drawing"),
  eta: z.number().min(0).max(1).describe("fresh noise in every sampling step: 0 none, 1 as much as DDPM"),
});

export type DenoiserSampling = z.output<typeof denoiserSampling>;

/** In float32 neither 0 nor infinite, nor what is divided or multiplied by it. */
const statistic = z.number().min(-1e30).max(1e30);
const statistics = z.strictObject({
  mean: z.tuple([statistic, statistic]),
  std: z.number().min(1e-30).max(1e30),
});
type ByCategory = Readonly<Record<string, z.infer<typeof statistics>>>;

/** What is measured of the training drawings. */
export const denoiserLearnt = z.strictObject({
  /** Mean of the two coordinates and their common deviation, by category. Not z.record, which leaves out "__proto__". */
  normalisation: z
    .custom<ByCategory>((value) => typeof value === "object" && value !== null, "expected an object")
    .check(({ value, issues }) => {
      for (const [category, entry] of Object.entries(value))
        for (const { path, message } of statistics.safeParse(entry).error?.issues ?? [])
          issues.push({ code: "custom", path: [category, ...path], message, input: value });
    }),
});

export type DenoiserLearnt = z.output<typeof denoiserLearnt>;

/** A trained denoiser; `S` are its family's settings. */
export interface DenoiserConfig<S extends DenoiserSettings = DenoiserSettings> {
  readonly format: number;
  readonly categories: readonly string[];
  readonly network: S;
  readonly learnt: DenoiserLearnt;
  readonly sampling: DenoiserSampling;
}

export interface DenoiserModel<S extends DenoiserSettings = DenoiserSettings> {
  readonly config: DenoiserConfig<S>;
  readonly weights: Float32Array;
  /** The weights whose prediction without a category guidance goes away from; the model's own where left out. */
  readonly guide?: Float32Array;
}

/** A sampler asks at as many time steps as there are, at most. */
export function* stepProblems(
  { diffusionSteps }: Pick<DenoiserSettings, "diffusionSteps">,
  { steps }: Pick<DenoiserSampling, "steps">,
): Generator<Problem> {
  if (steps > diffusionSteps)
    yield { path: ["sampling", "steps"], message: `expected no more than diffusionSteps ${diffusionSteps}` };
}

/** Rules of every denoiser. */
export function* denoiserProblems(
  { prefixConditioning, corners, encoding, pen, diffusionSteps, maxGuidance = Infinity }: DenoiserSettings,
  { steps, guidance }: DenoiserSampling,
): Generator<Problem> {
  yield* stepProblems({ diffusionSteps }, { steps });
  if (guidance > maxGuidance)
    yield { path: ["sampling", "guidance"], message: `expected no more than maxGuidance ${maxGuidance}` };
  if (prefixConditioning > 0 && (encoding !== "position" || pen !== "channel"))
    yield {
      path: ["network", "prefixConditioning"],
      message: 'expected 0 unless encoding is "position" and pen is "channel"',
    };
  if (corners && (encoding !== "position" || pen !== "channel"))
    yield {
      path: ["network", "corners"],
      message: 'expected false unless encoding is "position" and pen is "channel"',
    };
}
