import { cosineSchedule } from "../diffusion/schedule.ts";
import { type CompleteRequest, completion } from "./complete.ts";
import { decode } from "./decode.ts";
import type { DeviceOptions } from "./denoiser.ts";
import { type Following, type GeneratedSketch, noiseOf, openDrawer, rowSize, sketches } from "./draw.ts";
import { type InterpolateRequest, interpolation } from "./interpolate.ts";
import type { Model } from "./model.ts";
import { type DrawSettings, settingsOf } from "./settings.ts";
import { type VaryRequest, variation } from "./vary.ts";

export interface DrawRequest extends Partial<DrawSettings>, Following {
  readonly category: string;
  /** Drawings wanted; 1 unless told. */
  readonly count?: number;
  readonly seed?: number;
}

export type SampleOptions = DrawRequest & DeviceOptions;

/** A model that is ready to draw, as often as it is asked to; one request at a time. */
export interface Sampler {
  /** Yields drawings of 256 x 256 in the order of their index. Throws a UserError for a category it never learnt. */
  sample(request: DrawRequest): AsyncGenerator<GeneratedSketch>;
  /** Yields drawings like one that is given. */
  vary(request: VaryRequest): AsyncGenerator<GeneratedSketch>;
  /** Yields drawings that begin with given strokes. */
  complete(request: CompleteRequest): AsyncGenerator<GeneratedSketch>;
  /** Yields drawings from one to another. */
  interpolate(request: InterpolateRequest): AsyncGenerator<GeneratedSketch>;
  dispose(): Promise<void>;
}

/** Keeps the compiled network from one request to the next, as long as they ask for as many drawings. */
export function openSampler(model: Model, device: DeviceOptions = {}): Sampler {
  const { config } = model;
  const drawer = openDrawer(model, device);
  const { alphaBars } = cosineSchedule(config.diffusionSteps);
  const size = rowSize(config);
  return {
    sample: ({ category, count = 1, seed = 0, onProgress, signal, ...told }) =>
      sketches(drawer, {
        category,
        count,
        seed,
        onProgress,
        signal,
        settings: settingsOf(config, told),
        alphaBars,
        begin: (stream) => noiseOf(stream, size),
        finish: ({ row, penLogits }) => decode(config, category, row, penLogits),
      }),
    vary: (request) => sketches(drawer, variation(config, request)),
    complete: (request) => sketches(drawer, completion(config, request)),
    interpolate: (request) => interpolation(drawer, config, request),
    dispose: drawer.dispose,
  };
}

/** Draws once: yields drawings of 256 x 256 in the order of their index. Throws a UserError for a category it never learnt. */
export const sample = (model: Model, options: SampleOptions): AsyncGenerator<GeneratedSketch> =>
  once(model, options, (sampler) => sampler.sample(options));

/**
 * Draws once, variations of a drawing: it is drawn over with noise and drawn anew from there (SDEdit, Meng et al. 2022).
 * Throws a UserError for a category it never learnt and for a drawing of more points than the network has.
 */
export const vary = (model: Model, options: VaryRequest & DeviceOptions): AsyncGenerator<GeneratedSketch> =>
  once(model, options, (sampler) => sampler.vary(options));

/**
 * Draws once, from strokes that are there: they stay exactly as they are, further ones follow. Throws a UserError for a
 * category it never learnt, for more strokes than the network has points, and for networks of steps instead of positions.
 */
export const complete = (
  model: Model,
  options: CompleteRequest & DeviceOptions,
): AsyncGenerator<GeneratedSketch> => once(model, options, (sampler) => sampler.complete(options));

/**
 * Draws once, a row of drawings from one to another, of one category or of two. Throws a UserError for a category it never
 * learnt and for a drawing of more points than the network has.
 */
export const interpolate = (
  model: Model,
  options: InterpolateRequest & DeviceOptions,
): AsyncGenerator<GeneratedSketch> => once(model, options, (sampler) => sampler.interpolate(options));

async function* once(
  model: Model,
  device: DeviceOptions,
  draw: (sampler: Sampler) => AsyncGenerator<GeneratedSketch>,
): AsyncGenerator<GeneratedSketch> {
  const sampler = openSampler(model, device);
  try {
    yield* draw(sampler);
  } finally {
    await sampler.dispose();
  }
}
