import { autoregressiveStroke } from "../../../src/families/autoregressive-stroke/family.ts";
import type { StrokeModel } from "../../../src/families/autoregressive-stroke/settings.ts";
import { configure } from "../../../src/families/configure.ts";
import { parameterViews } from "../../../src/nn/parameters.ts";
import { randomModel, tinySizes } from "../tiny-models.ts";

const run = autoregressiveStroke.parseRun(
  configure("quick", {
    family: "autoregressive-stroke",
    categories: ["cat", "bus"],
    ...tinySizes["autoregressive-stroke"],
    diffusionSteps: 100,
    sampler: "ddim",
    contextNoise: 0.1,
  }),
  "tiny",
);

export const tiny = run.network;

/**
 * A tiny model of random weights: its strokes are scribbles, of which any may be the last.
 * @param more what it is sure of beside: the velocity of the flag, less where a stroke is the last.
 */
export function scribbler(more = 0): StrokeModel {
  const { config, weights } = randomModel(run);
  const bias = parameterViews(autoregressiveStroke.parameters(config), weights).get("stroke.output.bias");
  bias?.set([more], bias.length - 1);
  return { config: autoregressiveStroke.parseModel(config, "tiny"), weights };
}
