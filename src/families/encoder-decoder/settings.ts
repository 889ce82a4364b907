import { z } from "zod";
import { optimisationKeys } from "../../training/optimisation.ts";
import { codeKeys } from "../autoencoder/settings.ts";
import { denoiserTraining } from "../denoiser/settings.ts";
import type { Problem } from "../family.ts";

const count = z.int().positive();

export const settings = z.strictObject({
  family: z.literal("encoder-decoder"),
  ...codeKeys,
  codeWidth: count.describe("numbers of the code that a drawing is written as"),
  encoderWidth: count.describe("channels of the encoder at every point"),
  encoderHeads: count.describe("queries of the encoder's pooling, each of as many channels"),
  width: count.describe("channels of the decoder at every point"),
  blocks: count.describe("dilated convolutions of the decoder"),
  cycle: count.describe("blocks reach 1, 2, 4, … points to each side, so many of them, and then begin anew"),
  conditionWidth: count.describe("numbers that time step and category are told by"),
  priorWidth: count.describe("channels of the prior"),
  priorBlocks: count.describe("perceptrons of the prior"),
});

export type EncoderDecoderSettings = z.output<typeof settings>;

const { lossWeighting, timeSampling, classDropout } = denoiserTraining.shape;

/** How encoder and decoder are trained. */
export const training = z.strictObject({
  lossWeighting,
  timeSampling,
  classDropout,
  codeDropout: z.number().min(0).max(1).describe("probability of training the decoder without the code"),
  codeNoise: z.number().min(0).describe("standard deviation of the noise on codes, which are of size 1"),
  ...optimisationKeys,
});

export type EncoderDecoderTraining = z.output<typeof training>;

/** Queries share out the encoder's channels; a convolution reaches within the drawing. */
export function* problems({
  encoderWidth,
  encoderHeads,
  cycle,
  points,
}: EncoderDecoderSettings): Generator<Problem> {
  if (encoderWidth % encoderHeads !== 0)
    yield {
      path: ["network", "encoderHeads"],
      message: `expected a divisor of encoderWidth ${encoderWidth}`,
    };
  if (2 ** (cycle - 1) >= points)
    yield {
      path: ["network", "cycle"],
      message: `expected less than ${1 + Math.ceil(Math.log2(points))} for ${points} points`,
    };
}
