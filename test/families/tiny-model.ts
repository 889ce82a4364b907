import type {
  DenoiserLearnt,
  DenoiserModel,
  DenoiserSampling,
} from "../../src/families/denoiser/settings.ts";
import { unet1d } from "../../src/families/unet1d/family.ts";
import type { UNet1dSettings } from "../../src/families/unet1d/settings.ts";
import { initialize } from "../../src/nn/parameters.ts";

/** What may be another in a tiny model, by section. */
export interface Changes {
  readonly categories?: readonly string[];
  readonly network?: Partial<UNet1dSettings>;
  readonly learnt?: DenoiserLearnt;
  readonly sampling?: Partial<DenoiserSampling>;
}

const network: UNet1dSettings = {
  family: "unet1d",
  encoding: "position",
  points: 16,
  strokeOrder: "size",
  simplify: 5,
  baseChannels: 8,
  attentionHeads: 4,
  normGroups: 4,
  pen: "channel",
  prediction: "v",
  diffusionSteps: 100,
  corners: false,
  prefixConditioning: 0,
};

/** A model that was never trained: it draws nonsense, but all of the way is gone. */
export function untrained({
  categories = ["cat", "bus"],
  ...over
}: Changes = {}): DenoiserModel<UNet1dSettings> {
  const config = {
    format: 2,
    categories,
    network: { ...network, ...over.network },
    learnt: over.learnt ?? {
      normalisation: { cat: { mean: [0.1, -0.2], std: 0.7 }, bus: { mean: [0, 0], std: 1 } },
    },
    sampling: { steps: 4, guidance: 3, sampler: "ddim" as const, eta: 0, ...over.sampling },
  };
  return { config, weights: initialize(unet1d.parameters(config), 11) };
}
