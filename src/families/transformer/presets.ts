import type { DenoiserRun } from "../denoiser/family.ts";
import { quick as common } from "../denoiser/presets.ts";
import type { TransformerSettings } from "./settings.ts";

const quick: DenoiserRun<TransformerSettings> = {
  ...common,
  network: {
    family: "transformer",
    ...common.network,
    width: 128,
    blocks: 6,
    heads: 4,
    patch: 2,
    positions: "rotary",
    strokeIndex: true,
    convolution: true,
  },
};

/** `quick`, minutes. */
export const presets = { quick };
