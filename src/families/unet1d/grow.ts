import { UserError } from "../../base/errors.ts";
import { parametersOf, sizesOf } from "../denoiser/network.ts";
import type { DenoiserConfig, DenoiserModel } from "../denoiser/settings.ts";
import { requireSameNetwork } from "../same-network.ts";
import { network } from "./network.ts";
import type { UNet1dSettings } from "./settings.ts";
import { widened } from "./widen.ts";

/** Sizes that may grow, and an input that may be new or gone: which points are known. */
const MAY_DIFFER = ["baseChannels", "attentionHeads", "normGroups", "prefixConditioning"] as const;

/**
 * A trained model's weights in a network as wide or wider.
 * @throws UserError naming the setting in which the two networks do not fit.
 */
export function grow(
  { config, weights }: DenoiserModel<UNet1dSettings>,
  wanted: DenoiserConfig<UNet1dSettings>,
  seed: number,
): Float32Array {
  requireSameNetwork(wanted.network, config.network, MAY_DIFFER);
  const { baseChannels } = config.network;
  const wide = wanted.network;
  if (wide.baseChannels < baseChannels)
    throw new UserError(
      `baseChannels: the run has ${wide.baseChannels}, fewer than the model to start from with its ${baseChannels}; a network can only grow.`,
    );
  for (const key of ["attentionHeads", "normGroups"] as const) {
    const needed = (config.network[key] * wide.baseChannels) / baseChannels;
    if (wide[key] !== needed)
      throw new UserError(
        `${key}: the run has ${wide[key]}; to start from ${config.network[key]} with ${baseChannels} channels, ${wide.baseChannels} channels need ${Number.isInteger(needed) ? needed : "a whole number of them: another baseChannels"}.`,
      );
  }
  const parameters = (of: DenoiserConfig<UNet1dSettings>) => parametersOf({ network, sizes: sizesOf(of) });
  return widened(parameters(config), weights, parameters(wanted), {
    diffusionSteps: wide.diffusionSteps,
    seed,
  });
}
