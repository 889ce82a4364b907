import { checked } from "../base/check.ts";
import { cosineSchedule } from "../diffusion/schedule.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { type CompleteRequest, completion } from "./complete.ts";
import { decode } from "./decode.ts";
import { type GeneratedSketch, noiseOf, openDrawer, rowSize, sketches } from "./draw.ts";
import { type InterpolateRequest, interpolation } from "./interpolate.ts";
import { checkModel, type Model } from "./model.ts";
import { askedFor, type DrawRequest, requestSchema } from "./request.ts";
import { type VaryRequest, variation } from "./vary.ts";

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
  checkModel(model);
  const { config } = model;
  const drawer = openDrawer(model, runtime);
  const { alphaBars } = cosineSchedule(config.diffusionSteps);
  const size = rowSize(config);
  return {
    sample(request) {
      checked(requestSchema, request, "sample");
      return sketches(drawer, {
        ...askedFor(config, request),
        alphaBars,
        begin: (stream) => noiseOf(stream, size),
        finish: ({ row, penLogits }) => decode(config, request.category, row, penLogits),
      });
    },
    vary: (request) => sketches(drawer, variation(config, request)),
    complete: (request) => sketches(drawer, completion(config, request)),
    interpolate: (request) => interpolation(drawer, config, request),
    dispose: drawer.dispose,
  };
}
