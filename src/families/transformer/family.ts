import { denoiserFamily, denoiserSchemas } from "../denoiser/family.ts";
import { network } from "./network.ts";
import { presets } from "./presets.ts";
import { problems, settings } from "./settings.ts";

/** A diffusion transformer over patches of points. */
export const transformer = denoiserFamily({
  name: "transformer",
  schemas: denoiserSchemas(settings, problems),
  network,
  presets,
  // Perceptrons and projections of the blocks, one attention's weights, one layer, all steps' conditions.
  least({ network: { width, blocks, heads, patch, points }, sampling: { steps } }) {
    const tokens = points / patch;
    return {
      numbers: 10 * blocks * width ** 2 + heads * tokens ** 2 + 3 * width * tokens + 8 * width * steps,
      because: `width ${width}, blocks ${blocks}, points ${points} and steps ${steps}`,
    };
  },
});
