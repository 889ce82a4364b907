import { drawKeys } from "../request.ts";
import { sketchRnnFamily, sketchRnnSchemas } from "../sketchrnn/family.ts";
import { head } from "./head.ts";
import { presets } from "./presets.ts";
import { sampling, settings } from "./settings.ts";

const { steps, temperature } = drawKeys;

/** Sketch-RNN's decoder, which draws each step by a small diffusion model. */
export const sketchRnnDiffusion = sketchRnnFamily({
  name: "sketchrnn-diffusion",
  schemas: sketchRnnSchemas(settings, sampling),
  sampling,
  drawKeys: { steps, temperature },
  head,
  presets,
});
