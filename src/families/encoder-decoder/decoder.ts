import { type Conditions, conditionAt } from "../../diffusion/denoiser.ts";
import { add, silu } from "../../graph/ops/elementwise.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { linear } from "../../nn/layers.ts";
import type { Scope } from "../../nn/parameters.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { Decoder } from "../autoencoder/autoencoder.ts";
import type { CodeConfig } from "../autoencoder/settings.ts";
import { type Decodable, decode as drawingOf } from "../denoiser/decode.ts";
import { noiseOf } from "../denoiser/diffuse.ts";
import {
  convolutionConditionSizes,
  convolutionConditions,
  dilatedConvolutions,
} from "../denoiser/dilated-convolutions.ts";
import { type Drawn, drawerOf, seenAs } from "../denoiser/draw.ts";
import {
  buildNetwork,
  type DenoiserNetwork,
  type RowSettings,
  type SizedNetwork,
} from "../denoiser/network.ts";
import { openPrograms } from "../denoiser/programs.ts";
import { scheduleOf } from "../denoiser/schedule.ts";
import type { EncoderDecoderSettings } from "./settings.ts";

type DecoderSettings = EncoderDecoderSettings & RowSettings;

/** Coordinates and pen. */
const CHANNELS = 3;

/** Dilated convolutions over the points of a noisy drawing, given its code. */
const network: DenoiserNetwork<DecoderSettings> = {
  conditionSizes: convolutionConditionSizes,
  conditions: (scope, sizes, inputs) => convolutionConditions(scope.child("decoder"), sizes, inputs, sizes),
  denoise(scope, sizes, { noisy, conditions, code }) {
    if (code === undefined) throw new Error("a decoder needs codes");
    const inner = scope.child("decoder");
    const told = withCode(inner.child("code"), sizes, conditions, code);
    return { prediction: dilatedConvolutions(inner, sizes, noisy, told, sizes.channels) };
  },
};

/** The code scales and shifts every normalisation beside time step and category (Preechakul et al. 2022, eq. 7, with one sum). */
function withCode(scope: Scope, sizes: DecoderSettings, conditions: Conditions, code: Tensor): Conditions {
  const hidden = silu(linear(scope.child("input"), code, sizes.conditionWidth));
  return Object.fromEntries(
    Object.entries(convolutionConditionSizes(sizes)).map(([place, size]) => [
      place,
      add(conditionAt(conditions, place), linear(scope.child(place), hidden, size)),
    ]),
  );
}

/** The decoder and its sizes. */
export const sizedDecoder = (
  settings: EncoderDecoderSettings,
  classes: number,
): SizedNetwork<DecoderSettings> => ({
  network,
  sizes: {
    ...settings,
    classes,
    channels: CHANNELS,
    prediction: "v",
    prefixConditioning: 0,
    codeSize: settings.codeWidth,
  },
});

/** Conditions and decoder in one graph, for one drawing. */
export function buildDecoder(settings: EncoderDecoderSettings, classes: number) {
  const { output, parameters } = buildNetwork(sizedDecoder(settings, classes), 1);
  return { output: { ...output }, parameters };
}

/** Draws by diffusion, given codes. */
export function openDecoder(
  config: CodeConfig<EncoderDecoderSettings>,
  weights: Float32Array,
  runtime: Runtime,
): Decoder {
  const { network: settings, categories } = config;
  const sized = sizedDecoder(settings, categories.length);
  const programs = openPrograms(sized, weights, categories, runtime);
  const drawer = drawerOf({ categories, sizes: sized.sizes }, programs, runtime.mostRows);
  const { alphaBars } = scheduleOf(settings);
  return {
    direct: false,
    async *decode({ normalisation: own, onStep, ...job }) {
      const { category, seed } = job;
      const [x, y] = own.mean;
      const learnt: Decodable["learnt"] = { normalisation: { [category]: { mean: [x, y], std: own.std } } };
      const sketchOf = ({ row, index }: Drawn) => {
        const sketch = drawingOf({ network: settings, learnt }, category, row, undefined);
        return { ...sketch, word: category, seed, index };
      };
      const drawing = drawer.draw({
        ...job,
        alphaBars,
        begin: (stream) => noiseOf(stream, CHANNELS * settings.points),
        onRows: onStep && seenAs(sketchOf, onStep),
      });
      for await (const drawn of drawing) yield sketchOf(drawn);
    },
    dispose: programs.dispose,
  };
}
