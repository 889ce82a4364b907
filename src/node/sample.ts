import type { DeviceOptions } from "../runtime/devices.ts";
import { nodeRuntime } from "../runtime/node.ts";
import type { CompleteRequest } from "../sampling/complete.ts";
import type { GeneratedSketch } from "../sampling/draw.ts";
import type { InterpolateRequest } from "../sampling/interpolate.ts";
import type { Model } from "../sampling/model.ts";
import type { DrawRequest } from "../sampling/request.ts";
import { openSampler as openSamplerOn, type Sampler } from "../sampling/sampler.ts";
import type { VaryRequest } from "../sampling/vary.ts";

/** A request, and the device that draws. */
export type SampleOptions = DrawRequest & DeviceOptions;

/** A sampler on a device of this machine. */
export const openSampler = (model: Model, device: DeviceOptions = {}): Sampler =>
  openSamplerOn(model, nodeRuntime(device));

/** Draws once: yields drawings of 256 x 256 in the order of their index. Throws a UserError for a category it never learnt. */
export const sample = (model: Model, options: SampleOptions): AsyncGenerator<GeneratedSketch> =>
  once(model, options, (sampler, request) => sampler.sample(request));

/**
 * Draws once, variations of a drawing: it is drawn over with noise and drawn anew from there (SDEdit, Meng et al. 2022).
 * Throws a UserError for a category it never learnt and for a drawing of more points than the network has.
 */
export const vary = (model: Model, options: VaryRequest & DeviceOptions): AsyncGenerator<GeneratedSketch> =>
  once(model, options, (sampler, request) => sampler.vary(request));

/**
 * Draws once, from strokes that are there: they stay exactly as they are, further ones follow. Throws a UserError for a
 * category it never learnt, for more strokes than the network has points, and for networks of steps instead of positions.
 */
export const complete = (
  model: Model,
  options: CompleteRequest & DeviceOptions,
): AsyncGenerator<GeneratedSketch> => once(model, options, (sampler, request) => sampler.complete(request));

/**
 * Draws once, a row of drawings from one to another, of one category or of two. Throws a UserError for a category it never
 * learnt and for a drawing of more points than the network has.
 */
export const interpolate = (
  model: Model,
  options: InterpolateRequest & DeviceOptions,
): AsyncGenerator<GeneratedSketch> =>
  once(model, options, (sampler, request) => sampler.interpolate(request));

async function* once<Request>(
  model: Model,
  { device, threads, ...request }: Request & DeviceOptions,
  draw: (sampler: Sampler, request: Omit<Request, keyof DeviceOptions>) => AsyncGenerator<GeneratedSketch>,
): AsyncGenerator<GeneratedSketch> {
  const sampler = openSampler(model, { device, threads });
  try {
    yield* draw(sampler, request);
  } finally {
    await sampler.dispose();
  }
}
