import { randomStream } from "../../src/base/random.ts";
import { numbersOf } from "../../src/families/autoregressive-stroke/strokes.ts";
import { configure } from "../../src/families/configure.ts";
import {
  type FamilyName,
  familyOf,
  type Model,
  parseModelConfig,
  type RunConfig,
} from "../../src/families/registry.ts";
import { parameterCount, parameterViews } from "../../src/nn/parameters.ts";

const convolutions = { width: 12, blocks: 2, cycle: 2, conditionWidth: 12 };
const recurrent = { points: 12, hidden: 16, classWidth: 4 };

/** What makes each family's networks small. */
export const tinySizes = {
  "autoregressive-stroke": {
    points: 12,
    frequencies: 4,
    strokes: 5,
    contextWidth: 8,
    contextHeads: 2,
    width: 12,
    blocks: 2,
  },
  "encoder-decoder": {
    ...convolutions,
    points: 16,
    codeWidth: 6,
    encoderWidth: 8,
    encoderHeads: 2,
    priorWidth: 8,
    priorBlocks: 2,
  },
  "full-sequence": { ...convolutions, points: 16 },
  latent: {
    points: 16,
    latents: 4,
    latentSize: 3,
    pointWidth: 6,
    latentWidth: 8,
    priorWidth: 8,
    priorBlocks: 2,
    conditionWidth: 8,
  },
  "sketchrnn-diffusion": { ...recurrent, headWidth: 8, headBlocks: 2 },
  "sketchrnn-mdn": { ...recurrent, mixtures: 3 },
  transformer: { points: 16, width: 16, blocks: 2, heads: 2 },
  unet1d: { points: 16, baseChannels: 8, attentionHeads: 4, normGroups: 4 },
} as const satisfies Readonly<Record<FamilyName, object>>;

/** Of the pen's logit, where the output is a drawing. */
const PEN_DOWN = -2;
/** Of the logits that the stroke goes on, that the pen is lifted, and that the drawing has ended. */
const PENS = [1, 0.5, -4];

/** As if measured of drawings. */
function learntOf({ network }: RunConfig, categories: readonly string[]): object {
  const normalisation = Object.fromEntries(
    categories.map((category) => [category, { mean: [0.1, -0.2], std: 0.7 }]),
  );
  const codes = (size: number) => ({ mean: Array(size).fill(0.1), std: Array(size).fill(0.8) });
  switch (network.family) {
    case "autoregressive-stroke": {
      const size = numbersOf(network);
      return { mean: Array(size).fill(0), scale: Array(size).fill(0.5) };
    }
    case "encoder-decoder":
      return { normalisation, codes: codes(network.codeWidth) };
    case "latent":
      return { normalisation, codes: codes(network.latentSize) };
    case "sketchrnn-diffusion":
    case "sketchrnn-mdn":
      return { scale: 30 };
    default:
      return { normalisation };
  }
}

/** A model that was never trained, of random weights, none of them 0: it draws nonsense, in few steps. */
export function randomModel(run: RunConfig): Model {
  const { network, sampling, data } = run;
  const { categories } = data;
  const draws = { ...sampling, ...("steps" in sampling && { steps: 3 }) };
  const learnt = learntOf(run, categories);
  const config = parseModelConfig({ format: 2, categories, network, learnt, sampling: draws }, "random");
  const parameters = familyOf(config).parameters(config);
  const weights = new Float32Array(parameterCount(parameters));
  const views = parameterViews(parameters, weights);
  for (const [i, { name, shape }] of parameters.entries()) {
    const stream = randomStream(3, i);
    const [, ...fed] = shape;
    const deviation = fed.length > 0 ? 1 / Math.sqrt(fed.reduce((a, b) => a * b, 1)) : 0.2;
    views.get(name)?.forEach((_, at, view) => {
      view[at] = deviation * stream.normal();
    });
  }
  // The pen is down more often than not: what has no stroke is no drawing.
  views.get("decoder.output.bias")?.set([PEN_DOWN], 2);
  views.get("pen.bias")?.set(PENS);
  return { config, weights };
}

/** A tiny one of a family. */
export const tinyModel = (
  family: FamilyName,
  categories: readonly string[] = ["cat", "bus"],
  changes: object = {},
): Model => randomModel(configure("quick", { family, categories, ...tinySizes[family], ...changes }));
