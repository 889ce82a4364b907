import type { ConditionInputs, Denoiser, DenoiserInputs } from "../../diffusion/denoiser.ts";
import { concat, split } from "../../graph/ops/shape.ts";
import { reshape } from "../../graph/ops/stretch.ts";
import { axisSizes } from "../../graph/shape.ts";
import type { Scope } from "../../nn/parameters.ts";
import {
  convolutionConditionSizes,
  convolutionConditions,
  dilatedConvolutions,
} from "../denoiser/dilated-convolutions.ts";
import type { DenoiserNetwork, Sizes } from "../denoiser/network.ts";
import type { FullSequenceSettings } from "./settings.ts";

/** What is noise in a drawing, from the noisy drawing and its conditions. */
function denoise(
  scope: Scope,
  settings: FullSequenceSettings,
  { noisy, known, conditions }: DenoiserInputs,
): Denoiser {
  const [batch, points, channels] = axisSizes("denoise", noisy.shape, 3);
  const seen = known ? concat([noisy, reshape(known, [...known.shape, 1])], 2) : noisy;
  if (settings.pen === "channel")
    return { prediction: dilatedConvolutions(scope, settings, seen, conditions, channels) };
  const both = dilatedConvolutions(scope, settings, seen, conditions, channels + 1);
  const [prediction, penLogits] = split(both, 2, [channels, 1]);
  return { prediction, penLogits: reshape(penLogits, [batch, points]) };
}

export const network: DenoiserNetwork<FullSequenceSettings> = {
  conditionSizes: convolutionConditionSizes,
  conditions: (scope: Scope, sizes: Sizes<FullSequenceSettings>, inputs: ConditionInputs) =>
    convolutionConditions(scope, sizes, inputs, sizes),
  denoise,
};
