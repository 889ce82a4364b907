import type { SketchRnnRun } from "../sketchrnn/family.ts";
import { quick as common, ten } from "../sketchrnn/presets.ts";
import type { MdnDraws, MdnSettings } from "./settings.ts";

const quick: SketchRnnRun<MdnSettings, MdnDraws> = {
  ...common,
  network: { family: "sketchrnn-mdn", ...common.network, mixtures: 20, sigmaFloor: 0.02 },
  sampling: { temperature: 0.5 },
};

/** `quick`, minutes; `ten`, ten categories. */
export const presets = { quick, ten: ten(quick) };
