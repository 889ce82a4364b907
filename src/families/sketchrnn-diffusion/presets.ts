import type { SketchRnnRun } from "../sketchrnn/family.ts";
import { quick as common, ten } from "../sketchrnn/presets.ts";
import type { DiffusionDraws, DiffusionSettings } from "./settings.ts";

const quick: SketchRnnRun<DiffusionSettings, DiffusionDraws> = {
  ...common,
  network: { family: "sketchrnn-diffusion", ...common.network, headWidth: 128, headBlocks: 2 },
  sampling: { steps: 10, temperature: 0.8 },
};

/** `quick`, minutes; `ten`, ten categories. */
export const presets = { quick, ten: ten(quick) };
