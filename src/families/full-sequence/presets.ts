import type { DenoiserRun } from "../denoiser/family.ts";
import { quick as common, ten } from "../denoiser/presets.ts";
import type { FullSequenceSettings } from "./settings.ts";

const quick: DenoiserRun<FullSequenceSettings> = {
  ...common,
  network: {
    family: "full-sequence",
    ...common.network,
    width: 112,
    blocks: 10,
    cycle: 5,
    conditionWidth: 320,
  },
};

/** `quick`, minutes; `ten`, ten categories. */
export const presets = { quick, ten: ten(quick) };
