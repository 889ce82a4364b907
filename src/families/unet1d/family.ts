import { denoiserFamily, denoiserSchemas } from "../denoiser/family.ts";
import { grow } from "./grow.ts";
import { network } from "./network.ts";
import { presets } from "./presets.ts";
import { problems, settings } from "./settings.ts";

/** A U-Net along the points: the one of the eight approaches that worked in the seed. */
export const unet1d = denoiserFamily({
  name: "unet1d",
  schemas: denoiserSchemas(settings, problems),
  network,
  presets,
  // The second convolutions of the blocks, one attention's weights at half the points, one layer, all steps' conditions.
  least({ network: { baseChannels, attentionHeads, points }, sampling: { steps } }) {
    const convolutions = 201 * baseChannels ** 2;
    const attention = attentionHeads * (points / 2) ** 2;
    return {
      numbers: convolutions + attention + baseChannels * points + 46 * baseChannels * steps,
      because: `baseChannels ${baseChannels}, points ${points} and steps ${steps}`,
    };
  },
  grow,
});
