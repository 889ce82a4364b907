import { z } from "zod";
import { sketchRnnKeys } from "../sketchrnn/settings.ts";

const count = z.int().positive();

/** Time steps of the noise schedule. */
export const TIME_STEPS = 1000;

export const settings = z.strictObject({
  family: z.literal("sketchrnn-diffusion"),
  ...sketchRnnKeys,
  headWidth: count.describe("channels of the head's perceptron"),
  headBlocks: count.describe("residual blocks of the head's perceptron"),
});

export type DiffusionSettings = z.output<typeof settings>;

/** How the head draws unless told otherwise. */
export const sampling = z.strictObject({
  steps: count
    .max(TIME_STEPS)
    .meta({ setting: "samplingSteps" })
    .describe("steps of the sampler, for every step of the drawing"),
  temperature: z
    .number()
    .min(0)
    .describe("factor of the fresh noise, and spread of the pen: 1 as learnt, less is likelier"),
});

export type DiffusionDraws = z.output<typeof sampling>;
