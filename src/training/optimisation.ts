import { z } from "zod";

/** Courses of the learning rate. */
const learningRateSchedules = ["cosine", "trapezoid"] as const;
export type LearningRateSchedule = (typeof learningRateSchedules)[number];

const count = z.int().positive();

/**
 * Settings of every training, whatever is learnt; part of its schema. A key with a default is younger than others: runs
 * from before it was there did what the default says.
 */
export const optimisationKeys = {
  epochs: count.describe("passes over the training drawings"),
  batchSize: count.describe("drawings a step; the last, incomplete batch of an epoch is dropped"),
  learningRate: z.number().positive().describe("highest learning rate of AdamW"),
  learningRateSchedule: z
    .enum(learningRateSchedules)
    .default("cosine")
    .describe("after the warm-up half a cosine down to 0, or steady and down to 0 over the last fifth"),
  warmupEpochs: z.number().min(0).describe("epochs of linear warm-up, or a part of one"),
  beta1: z.number().min(0).lt(1).describe("decay of AdamW's mean of the gradient"),
  beta2: z.number().min(0).lt(1).describe("decay of AdamW's mean of its square"),
  weightDecay: z.number().min(0).describe("AdamW's weight decay"),
  clip: z.number().positive().describe("largest global norm of the gradient"),
  emaDecay: z.number().min(0).lt(1).describe("decay of the moving average of the weights"),
  emaWarmup: z.boolean().describe("shorter averages at the start: min(emaDecay, (1 + step) / (10 + step))"),
  keep: z
    .enum(["best", "last"])
    .describe("which averaged weights become the model: lowest epoch loss or the last"),
  seed: z.int().min(0).describe("seed of everything random in training and drawing"),
  checkpointEvery: count.describe("steps between checkpoints"),
};

/** How a stage is trained; a stage may have keys of its own beside these. */
export type Optimisation = z.infer<z.ZodObject<typeof optimisationKeys>>;
