import type { SketchRnnRun } from "../sketchrnn/family.ts";
import { quick as common, ten } from "../sketchrnn/presets.ts";
import type { MdnDraws, MdnSettings } from "./settings.ts";

const quick: SketchRnnRun<MdnSettings, MdnDraws> = {
  ...common,
  network: { family: "sketchrnn-mdn", ...common.network, mixtures: 20, sigmaFloor: 0.02 },
  sampling: { temperature: 0.5 },
};

/** With an encoder, whose codes are as wide as Ha and Eck's: drawings can be drawn again, and drawn between. */
const vae: SketchRnnRun<MdnSettings, MdnDraws> = {
  ...quick,
  network: { ...quick.network, codeWidth: 128 },
};

/** `quick`, minutes; `ten`, ten categories; `vae`, minutes, with an encoder. */
export const presets = { quick, ten: ten(quick), vae };
