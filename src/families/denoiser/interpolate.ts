import { z } from "zod";
import { at } from "../../base/at.ts";
import { checked, type KeysOf } from "../../base/check.ts";
import { invert } from "../../diffusion/invert.ts";
import { timeSteps } from "../../diffusion/schedule.ts";
import { interpolationKeys } from "../interpolation.ts";
import { labelOf } from "../label.ts";
import {
  followingKeys,
  type GeneratedSketch,
  type InterpolateRequest,
  type InterpolationEnd,
} from "../request.ts";
import { decode } from "./decode.ts";
import { noiseOf } from "./diffuse.ts";
import { type Drawer, type DrawJob, type Drawn, drawingStream, rowSize, seenAs } from "./draw.ts";
import { type Asked, drawSettingsOf, settingKeys } from "./draw-settings.ts";
import { normalisationBetween } from "./normalisation.ts";
import { rowOf } from "./row.ts";
import type { DenoiserConfig } from "./settings.ts";

const { eta: _, ...ownSettings } = settingKeys;
/** What a request of drawings between two says. */
export const interpolateSchema = z.strictObject({
  ...ownSettings,
  ...followingKeys,
  ...interpolationKeys,
} satisfies KeysOf<Asked<InterpolateRequest>>);

/** Backwards the way is gone in small steps, so that forwards it leads to the drawing again. */
const INVERSION_STEPS = 50;

/**
 * Drawings between two: their noises are mixed along the sphere that noise lies on (Shoemake 1985), what their
 * categories ask of the network along a line.
 */
export async function* interpolation(
  drawer: Drawer,
  config: DenoiserConfig,
  alphaBars: Float64Array,
  request: InterpolateRequest,
): AsyncGenerator<GeneratedSketch> {
  checked(interpolateSchema, request, "interpolate");
  const { from, to, count, onProgress, onStep, signal, ...told } = request;
  const settings = drawSettingsOf(config, { ...told, eta: 0 });
  const common = { count: 1, seed: 0, signal, alphaBars };
  const noiseBehind = async (end: InterpolationEnd): Promise<Float32Array> => {
    if ("seed" in end)
      return noiseOf(drawingStream(config, end.category, end.seed, end.index ?? 0), rowSize(config));
    labelOf(config, end.category);
    const row = rowOf(config, end.category, end.sketch);
    const steps = Math.min(INVERSION_STEPS, alphaBars.length);
    // Unguided, as what the network takes drawings for: guidance has no way back.
    const { row: noise } = await only(drawer, {
      ...common,
      category: end.category,
      settings: { ...settings, guidance: 1 },
      trajectory: { times: timeSteps(alphaBars.length, steps).reverse(), walk: invert },
      begin: () => row,
    });
    return noise;
  };
  const ends = [await noiseBehind(from), await noiseBehind(to)] as const;
  for (let index = 0; index < count; index++) {
    const share = index / (count - 1);
    const { category } = share < 0.5 ? from : to;
    const stats = normalisationBetween(config, from.category, to.category, share);
    const sketchOf = ({ row, penLogits }: Drawn): GeneratedSketch => {
      const learnt = { normalisation: { [category]: stats } };
      const sketch = decode({ ...config, learnt }, category, row, penLogits);
      return { ...sketch, word: category, seed: 0, index };
    };
    const drawn = await only(drawer, {
      ...common,
      category: from.category,
      ...(to.category !== from.category && { blend: { category: to.category, share } }),
      settings,
      begin: () => onSphere(...ends, share),
      onRows: onStep && seenAs(sketchOf, onStep),
    });
    onProgress?.((index + 1) / count);
    yield sketchOf(drawn);
  }
}

async function only(drawer: Drawer, job: DrawJob): Promise<Drawn> {
  for await (const drawn of drawer.draw(job)) return drawn;
  throw new Error("a job for one drawing gave none");
}

/** So much of the way from one noise to the other along the arc between them. */
function onSphere(from: Float32Array, to: Float32Array, share: number): Float32Array {
  const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * at(b, i), 0);
  const cosine = dot(from, to) / Math.sqrt(dot(from, from) * dot(to, to));
  const angle = Math.acos(Math.min(Math.max(cosine, -1), 1));
  if (angle < 1e-6) return from;
  const [a, b] = [Math.sin((1 - share) * angle), Math.sin(share * angle)];
  return from.map((value, i) => (a * value + b * at(to, i)) / Math.sin(angle));
}
