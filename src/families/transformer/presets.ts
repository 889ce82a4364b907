import type { DenoiserRun } from "../denoiser/family.ts";
import { quick as common, ten } from "../denoiser/presets.ts";
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

/** `quick`, minutes; `ten`, ten categories. */
export const presets = { quick, ten: ten(quick) };
