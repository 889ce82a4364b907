import { z } from "zod";
import { denoiserKeys } from "../denoiser/settings.ts";
import type { Problem } from "../family.ts";

const count = z.int().positive();

export const settings = z.strictObject({
  family: z.literal("unet1d"),
  ...denoiserKeys,
  baseChannels: count.multipleOf(4).describe("channels of the network at full length"),
  attentionHeads: count.describe("heads of every self-attention"),
  normGroups: count.describe("groups of every group normalisation"),
});

export type UNet1dSettings = z.output<typeof settings>;

/** Heads and groups share out the channels of every level: base, 2 base, ... */
export function* problems({ baseChannels, attentionHeads, normGroups }: UNet1dSettings): Generator<Problem> {
  if (baseChannels % normGroups !== 0)
    yield { path: ["network", "normGroups"], message: `expected a divisor of baseChannels ${baseChannels}` };
  if ((2 * baseChannels) % attentionHeads !== 0)
    yield {
      path: ["network", "attentionHeads"],
      message: `expected a divisor of twice baseChannels ${baseChannels}`,
    };
}
