import { denoiserFamily, denoiserSchemas } from "../denoiser/family.ts";
import { network } from "./network.ts";
import { presets } from "./presets.ts";
import { problems, settings } from "./settings.ts";

/** Dilated convolutions over all points at full length. */
export const fullSequence = denoiserFamily({
  name: "full-sequence",
  schemas: denoiserSchemas(settings, problems),
  network,
  presets,
  // Taps and mixing of the blocks, one layer's taps, all steps' conditions.
  least({ network: { width, blocks, points }, sampling: { steps } }) {
    return {
      numbers: 7 * blocks * width ** 2 + 3 * width * points + 2 * (blocks + 1) * width * steps,
      because: `width ${width}, blocks ${blocks}, points ${points} and steps ${steps}`,
    };
  },
});
