import type { DenoiserRun } from "../denoiser/family.ts";
import { quick as common } from "../denoiser/presets.ts";
import type { FullSequenceSettings } from "./settings.ts";

const quick: DenoiserRun<FullSequenceSettings> = {
  ...common,
  network: {
    family: "full-sequence",
    ...common.network,
    width: 112,
    blocks: 10,
    cycle: 5,
    conditionWidth: 384,
  },
};

/** `quick`, minutes. */
export const presets = { quick };
