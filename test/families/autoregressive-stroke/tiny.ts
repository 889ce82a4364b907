import { randomStream } from "../../../src/base/random.ts";
import { autoregressiveStroke } from "../../../src/families/autoregressive-stroke/family.ts";
import { presets } from "../../../src/families/autoregressive-stroke/presets.ts";
import type { StrokeModel, StrokeSettings } from "../../../src/families/autoregressive-stroke/settings.ts";
import { numbersOf } from "../../../src/families/autoregressive-stroke/strokes.ts";
import { parameterViews } from "../../../src/nn/parameters.ts";

export const tiny: StrokeSettings = {
  ...presets.quick.network,
  points: 12,
  frequencies: 4,
  strokes: 5,
  diffusionSteps: 100,
  contextWidth: 8,
  contextHeads: 2,
  width: 12,
  blocks: 2,
};

/**
 * A model that was never trained, of random weights: its strokes are scribbles, of which any may be the last.
 * @param more what it is sure of beside: the velocity of the flag, less where a stroke is the last.
 */
export function scribbler(more = 0): StrokeModel {
  const size = numbersOf(tiny);
  const config = {
    format: 2,
    categories: ["cat", "bus"],
    network: tiny,
    learnt: { mean: Array<number>(size).fill(0), scale: Array<number>(size).fill(0.5) },
    sampling: { steps: 3, guidance: 2, sampler: "ddim" as const, eta: 1, contextNoise: 0.1 },
  };
  const parameters = autoregressiveStroke.parameters(config);
  const count = parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const weights = new Float32Array(count);
  const views = parameterViews(parameters, weights);
  for (const [i, { name, shape }] of parameters.entries()) {
    const stream = randomStream(3, i);
    const deviation = shape.length > 1 ? 1 / Math.sqrt(shape[1]) : 0.2;
    views.get(name)?.forEach((_, at, view) => {
      view[at] = deviation * stream.normal();
    });
  }
  const bias = views.get("stroke.output.bias");
  bias?.set([more], bias.length - 1);
  return { config, weights };
}
