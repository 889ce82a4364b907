import { z } from "zod";
import { optimisationKeys } from "../../training/optimisation.ts";
import { codeKeys } from "../autoencoder/settings.ts";
import type { Problem } from "../family.ts";

const count = z.int().positive();

export const settings = z.strictObject({
  family: z.literal("latent"),
  ...codeKeys,
  latents: count.describe("latents of a drawing, each of as many points"),
  latentSize: count.describe("numbers of a latent"),
  pointWidth: count.describe("channels of the autoencoder at every point"),
  latentWidth: count.describe("channels of the autoencoder at every latent"),
  priorWidth: count.describe("channels of the prior at every latent"),
  priorBlocks: count.describe("convolutions of the prior"),
  conditionWidth: count.describe("numbers that time step and category are told by"),
});

export type LatentSettings = z.output<typeof settings>;

/** How the autoencoder is trained. */
export const training = z.strictObject({
  penWeight: z.number().min(0).describe("weight of the pen's cross-entropy beside the coordinates' error"),
  latentNoise: z
    .number()
    .min(0)
    .describe("standard deviation of the noise on latents while the autoencoder is trained"),
  klWeight: z.number().min(0).describe("weight of the divergence of noisy latents from standard normal ones"),
  ...optimisationKeys,
});

export type LatentTraining = z.output<typeof training>;

/** Latents share out the points. */
export function* problems({ points, latents }: LatentSettings): Generator<Problem> {
  if (points % latents !== 0)
    yield { path: ["network", "latents"], message: `expected a divisor of points ${points}` };
}
