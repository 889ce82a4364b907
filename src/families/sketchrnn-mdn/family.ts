import { drawKeys } from "../request.ts";
import { sketchRnnFamily, sketchRnnSchemas } from "../sketchrnn/family.ts";
import { head } from "./head.ts";
import { presets } from "./presets.ts";
import { sampling, settings } from "./settings.ts";

const { temperature } = drawKeys;

/** Sketch-RNN: a recurrent network that draws one step after the other, each from a mixture of normal distributions. */
export const sketchRnnMdn = sketchRnnFamily({
  name: "sketchrnn-mdn",
  schemas: sketchRnnSchemas(settings, sampling),
  sampling,
  drawKeys: { temperature },
  head,
  presets,
});
