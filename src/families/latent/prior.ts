import {
  convolutionConditionSizes,
  convolutionConditions,
  dilatedConvolutions,
} from "../denoiser/dilated-convolutions.ts";
import type { DenoiserNetwork, RowSettings } from "../denoiser/network.ts";
import type { LatentSettings } from "./settings.ts";

/** Every latent sees all others: the convolutions reach further with every block. */
const sizesOf = ({ priorWidth, priorBlocks, points }: LatentSettings & RowSettings) => ({
  width: priorWidth,
  blocks: priorBlocks,
  cycle: Math.max(1, Math.ceil(Math.log2(points))),
});

/** Dilated convolutions over the latents of a drawing. */
export const prior: DenoiserNetwork<LatentSettings & RowSettings> = {
  conditionSizes: (sizes) => convolutionConditionSizes(sizesOf(sizes)),
  conditions: (scope, sizes, inputs) =>
    convolutionConditions(scope.child("prior"), sizesOf(sizes), inputs, sizes),
  denoise: (scope, sizes, { noisy, conditions }) => ({
    prediction: dilatedConvolutions(scope.child("prior"), sizesOf(sizes), noisy, conditions, sizes.channels),
  }),
};
