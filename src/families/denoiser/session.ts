import { checked } from "../../base/check.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { Session } from "../session.ts";
import { completion } from "./complete.ts";
import { decode } from "./decode.ts";
import { noiseOf } from "./diffuse.ts";
import { drawerOf, rowSize, sketches } from "./draw.ts";
import { askedFor, requestSchema } from "./draw-settings.ts";
import { interpolation } from "./interpolate.ts";
import { type DenoiserNetwork, sizesOf } from "./network.ts";
import { openPrograms } from "./programs.ts";
import { scheduleOf } from "./schedule.ts";
import type { DenoiserModel, DenoiserSettings } from "./settings.ts";
import { variation } from "./vary.ts";

/** Keeps the compiled network from one request to the next, as long as they ask for as many drawings. */
export function openDenoiser<S extends DenoiserSettings>(
  network: DenoiserNetwork<S>,
  model: DenoiserModel<S>,
  runtime: Runtime,
): Session {
  const { config, weights, guide } = model;
  const size = rowSize(config);
  const sizes = sizesOf(config);
  const { categories } = config;
  const programs = openPrograms({ network, sizes }, weights, categories, runtime, guide);
  const drawer = drawerOf({ categories, sizes }, programs, runtime.mostRows);
  const { alphaBars } = scheduleOf(config.network);
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
    vary: (request) => sketches(drawer, variation(config, alphaBars, request)),
    complete: (request) => sketches(drawer, completion(config, alphaBars, request)),
    interpolate: (request) => interpolation(drawer, config, alphaBars, request),
    dispose: programs.dispose,
  };
}
