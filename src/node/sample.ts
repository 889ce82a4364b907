import { checkModel } from "../families/model.ts";
import { familyOf, type Model } from "../families/registry.ts";
import type {
  CompleteRequest,
  DrawRequest,
  GeneratedSketch,
  InterpolateRequest,
  ReconstructRequest,
  VaryRequest,
} from "../families/request.ts";
import { able, type Session } from "../families/session.ts";
import type { DeviceOptions } from "../runtime/devices.ts";
import { nodeRuntime } from "../runtime/node.ts";

/** A request, and the device that draws. */
export type SampleOptions = DrawRequest & DeviceOptions;

/** A session on a device of this machine. */
export function openSession(model: Model, device: DeviceOptions = {}): Session {
  checkModel(model);
  return familyOf(model.config).open(model, nodeRuntime(device));
}

/** Draws once: yields drawings of 256 x 256 in the order of their index. Throws a UserError for a category it never learnt. */
export const sample = (model: Model, options: SampleOptions): AsyncGenerator<GeneratedSketch> =>
  once(model, options, (session, request) => session.sample(request));

/**
 * Draws once, variations of a drawing: it is drawn over with noise and drawn anew from there (SDEdit, Meng et al. 2022).
 * Throws a UserError for a category it never learnt, for a drawing of more points than the network has, and for families
 * that cannot vary drawings.
 */
export const vary = (model: Model, options: VaryRequest & DeviceOptions): AsyncGenerator<GeneratedSketch> =>
  once(model, options, (session, request) => able(session, "vary")(request));

/**
 * Draws once, from strokes that are there: they stay exactly as they are, further ones follow. Throws a UserError for a
 * category it never learnt, for more strokes than the network has points, for networks of steps instead of positions, and
 * for families that cannot complete drawings.
 */
export const complete = (
  model: Model,
  options: CompleteRequest & DeviceOptions,
): AsyncGenerator<GeneratedSketch> =>
  once(model, options, (session, request) => able(session, "complete")(request));

/**
 * Draws once, a row of drawings from one to another, of one category or of two. Throws a UserError for a category it never
 * learnt, for a drawing of more points than the network has, and for families that cannot interpolate.
 */
export const interpolate = (
  model: Model,
  options: InterpolateRequest & DeviceOptions,
): AsyncGenerator<GeneratedSketch> =>
  once(model, options, (session, request) => able(session, "interpolate")(request));

/**
 * Draws once, from the code of a drawing: what a model keeps of it. Throws a UserError for a category it never learnt, for
 * a drawing of more points than the network has, and for families without codes.
 */
export const reconstruct = (
  model: Model,
  options: ReconstructRequest & DeviceOptions,
): AsyncGenerator<GeneratedSketch> =>
  once(model, options, (session, request) => able(session, "reconstruct")(request));

async function* once<Request>(
  model: Model,
  { device, threads, ...request }: Request & DeviceOptions,
  draw: (session: Session, request: Omit<Request, keyof DeviceOptions>) => AsyncGenerator<GeneratedSketch>,
): AsyncGenerator<GeneratedSketch> {
  const session = openSession(model, { device, threads });
  try {
    yield* draw(session, request);
  } finally {
    await session.dispose();
  }
}
