import type { ModelConfig } from "../../src/config/model.ts";
import { initialize } from "../../src/nn/parameters.ts";
import { type Model, networkConfigOf, parametersOf } from "../../src/sampling/model.ts";

/** A model that was never trained: it draws nonsense, but all of the way is gone. */
export function untrained(over: Partial<ModelConfig> = {}): Model {
  const config: ModelConfig = {
    format: 1,
    family: "unet1d",
    categories: ["cat", "bus"],
    encoding: "position",
    points: 16,
    strokeOrder: "size",
    simplify: 5,
    baseChannels: 8,
    attentionHeads: 4,
    normGroups: 4,
    pen: "channel",
    prediction: "v",
    normalisation: { cat: { mean: [0.1, -0.2], std: 0.7 }, bus: { mean: [0, 0], std: 1 } },
    diffusionSteps: 100,
    beginnings: 0,
    samplingSteps: 4,
    guidance: 3,
    sampler: "ddim",
    eta: 0,
    ...over,
  };
  return { config, weights: initialize(parametersOf(networkConfigOf(config)), 11) };
}
