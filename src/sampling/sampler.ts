import { cosineSchedule } from "../diffusion/schedule.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { type CompleteRequest, completion } from "./complete.ts";
import { decode } from "./decode.ts";
import { type Following, type GeneratedSketch, noiseOf, openDrawer, rowSize, sketches } from "./draw.ts";
import { type InterpolateRequest, interpolation } from "./interpolate.ts";
import type { Model } from "./model.ts";
import { type DrawSettings, settingsOf } from "./settings.ts";
import { type VaryRequest, variation } from "./vary.ts";

/** Drawings to make from nothing; settings that are left out are the model's own. */
export interface DrawRequest extends Partial<DrawSettings>, Following {
  readonly category: string;
  /** Drawings wanted; 1 unless told. */
  readonly count?: number;
  readonly seed?: number;
}

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
  /** Gives the compiled network's memory back. */
  dispose(): Promise<void>;
}

/** Keeps the compiled network from one request to the next, as long as they ask for as many drawings. */
export function openSampler(model: Model, runtime: Runtime): Sampler {
  const { config } = model;
  const drawer = openDrawer(model, runtime);
  const { alphaBars } = cosineSchedule(config.diffusionSteps);
  const size = rowSize(config);
  return {
    sample: ({ category, count = 1, seed = 0, onProgress, onStep, signal, ...told }) =>
      sketches(drawer, {
        category,
        count,
        seed,
        onProgress,
        onStep,
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
