import { z } from "zod";
import { checked } from "../base/check.ts";
import { lossWeightings, predictions, timeSamplings } from "../diffusion/parameterisation.ts";
import { samplerNames } from "../diffusion/samplers.ts";
import { checkNetworkSizes } from "./model.ts";
import { optimisationKeys } from "./optimisation.ts";

const count = z.int().positive();

const trainingKeys = z.strictObject({
  categories: z
    .array(z.string())
    .min(1)
    .refine((names) => new Set(names).size === names.length, "expected each category once")
    .describe('categories to learn, in the order of their labels; "all": all that the data has'),
  data: z
    .string()
    .describe(
      'a folder, an address or "synthetic"; empty: CIZGI_DATA, else the cache, else the bucket, else synthetic',
    ),
  trainSize: count.describe("training drawings a category, at most"),
  testSize: z.int().min(2).describe("held-out drawings a category, at most"),
  limit: z.int().min(0).describe("lines read of each category's file; 0: all"),
  heldOut: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe("share held out by the hash of the drawings' keys; 0: a sixth of the lines, at random"),
  splitSeed: z.int().min(0).describe("seed of the split by lines"),

  encoding: z
    .enum(["delta", "position"])
    .describe("what a point is: the step from the point before, or where it is"),
  points: count
    .multipleOf(4)
    .describe("points of a drawing; shorter ones are padded, longer ones cut (delta) or left out (position)"),
  simplify: z
    .number()
    .min(0)
    .describe(
      "epsilon of Ramer-Douglas-Peucker before encoding, more where a drawing would not fit otherwise; 0: none",
    ),
  strokeOrder: z
    .enum(["drawn", "directed", "size"])
    .describe(
      "strokes as they were drawn, the same with each in a set direction, or those with the largest first",
    ),
  augment: z.boolean().describe("mirrored, scaled and turned drawings"),

  baseChannels: count.multipleOf(8).describe("channels of the network at full length"),
  attentionHeads: count.describe("heads of every self-attention"),
  normGroups: count.describe("groups of every group normalisation"),

  pen: z
    .enum(["head", "channel"])
    .describe("the pen as a head of the network, or as a third coordinate of the drawing"),
  prediction: z.enum(predictions).describe("what the network predicts: the noise or the velocity v"),
  lossWeighting: z.enum(lossWeightings).describe("weight of the time steps: uniform, or min(SNR, 5)"),
  timeSampling: z
    .enum(timeSamplings)
    .default("uniform")
    .describe(
      "time steps equally often, their errors weighted; or as often as their weight, errors as they are",
    ),
  diffusionSteps: count.describe("length of the noise schedule"),
  beginnings: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe(
      "share of the drawings whose beginning, as drawn, is known, to learn to complete drawings; needs positions, and the pen as a channel",
    ),
  penWeight: z.number().min(0).describe("weight of the pen's cross-entropy beside the noise's squared error"),
  classDropout: z.number().min(0).max(1).describe("probability of training without the class"),
  dropoutPer: z
    .enum(["batch", "drawing"])
    .describe("whether the class is dropped for whole batches or single drawings"),

  ...optimisationKeys,

  drawEvery: z.int().min(0).describe("epochs between grids of drawings; 0: none"),
  draws: z.int().min(5).describe("drawings a category at the end"),
  samplingSteps: count.describe("steps of the sampler; with guidance the network is asked twice in each"),
  guidance: z.number().min(0).describe("weight of classifier-free guidance; 1: none"),
  sampler: z.enum(samplerNames).default("ddim").describe("the way from noise to a drawing"),
  eta: z.number().min(0).max(1).describe("fresh noise in every sampling step: 0 none, 1 as much as DDPM"),
});

/** Every number a training run depends on; the description of a key is its help on the command line. */
export const trainingSchema = trainingKeys
  .check(checkNetworkSizes)
  .refine(({ samplingSteps, diffusionSteps }) => samplingSteps <= diffusionSteps, {
    path: ["samplingSteps"],
    error: "expected no more than diffusionSteps",
  })
  .refine(
    ({ beginnings, encoding, pen }) => beginnings === 0 || (encoding === "position" && pen === "channel"),
    { path: ["beginnings"], error: 'expected 0 unless encoding is "position" and pen is "channel"' },
  );

/** Every setting of a training run; `npx cizgi train --help` says what each means. */
export type TrainingConfig = z.infer<typeof trainingSchema>;

/** The system that the project starts from, as its authors trained it. */
const seed: TrainingConfig = {
  categories: ["cat", "bus", "rabbit"],
  data: "",
  trainSize: 10_000,
  testSize: 2_000,
  limit: 0,
  heldOut: 0,
  splitSeed: 42,
  encoding: "delta",
  points: 128,
  simplify: 0,
  strokeOrder: "drawn",
  augment: true,
  baseChannels: 128,
  attentionHeads: 8,
  normGroups: 8,
  pen: "head",
  prediction: "noise",
  lossWeighting: "uniform",
  timeSampling: "uniform",
  diffusionSteps: 1000,
  beginnings: 0,
  penWeight: 0.5,
  classDropout: 0.1,
  dropoutPer: "batch",
  epochs: 300,
  batchSize: 128,
  learningRate: 1e-4,
  learningRateSchedule: "cosine",
  warmupEpochs: 10,
  beta1: 0.9,
  beta2: 0.99,
  weightDecay: 0.01,
  clip: 1,
  emaDecay: 0.999,
  emaWarmup: false,
  keep: "best",
  seed: 42,
  checkpointEvery: 50,
  drawEvery: 50,
  draws: 200,
  samplingSteps: 150,
  guidance: 3,
  sampler: "ddim",
  eta: 0,
};

/** Minutes on two cores: fewer points, a narrow network, many small steps at a high learning rate. */
const quick: TrainingConfig = {
  ...seed,
  limit: 600,
  encoding: "position",
  points: 48,
  simplify: 5,
  strokeOrder: "size",
  augment: false,
  pen: "channel",
  prediction: "v",
  lossWeighting: "min-snr",
  baseChannels: 48,
  dropoutPer: "drawing",
  epochs: 72,
  batchSize: 32,
  learningRate: 2e-3,
  warmupEpochs: 5,
  emaDecay: 0.999,
  emaWarmup: true,
  keep: "last",
  checkpointEvery: 250,
  drawEvery: 0,
  draws: 40,
  samplingSteps: 40,
  guidance: 3,
  eta: 1,
};

/** The model that ships: all categories, hours on two cores (docs/ablations.md). */
const quickdraw: TrainingConfig = {
  ...quick,
  categories: ["all"],
  trainSize: 600,
  testSize: 100,
  limit: 0,
  heldOut: 0.15,
  baseChannels: 96,
  attentionHeads: 12,
  normGroups: 12,
  timeSampling: "weighted",
  beginnings: 0.25,
  epochs: 60,
  batchSize: 128,
  learningRate: 2e-3,
  learningRateSchedule: "trapezoid",
  warmupEpochs: 0.2,
  checkpointEvery: 500,
  draws: 8,
  samplingSteps: 8,
  guidance: 2,
  sampler: "dpm",
  eta: 1,
};

/** Settings that belong together: `seed`, the system this project began from; `quick`, minutes; `quickdraw`, the model that ships. */
export const presets = { seed, quick, quickdraw } as const;
/** The name of a preset. */
export type Preset = keyof typeof presets;

/** A checked training configuration; throws a UsageError that names every wrong key. */
export const parseTrainingConfig = (value: unknown, name: string): TrainingConfig =>
  checked(trainingSchema, value, name);
