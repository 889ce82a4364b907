import { z } from "zod";
import { at } from "../../base/at.ts";
import { checked, type KeysOf } from "../../base/check.ts";
import { finiteNumber } from "../../base/numbers.ts";
import { addNoise } from "../../diffusion/schedule.ts";
import { sketchSchema } from "../../sketch/schema.ts";
import type { VaryRequest } from "../request.ts";
import { decode } from "./decode.ts";
import { noiseOf } from "./diffuse.ts";
import type { SketchJob } from "./draw.ts";
import { type Asked, askedFor, requestKeys } from "./draw-settings.ts";
import { rowOf } from "./row.ts";
import type { DenoiserConfig } from "./settings.ts";

const schema = z.strictObject({
  ...requestKeys,
  sketch: sketchSchema,
  strength: finiteNumber(0, 1),
} satisfies KeysOf<Asked<VaryRequest>>);

/** Noise is added as of a time step in the middle of the way, and taken away again from there (SDEdit, Meng et al. 2022). */
export function variation(config: DenoiserConfig, alphaBars: Float64Array, request: VaryRequest): SketchJob {
  checked(schema, request, "vary");
  const { sketch, category, strength } = request;
  const asked = askedFor(config, request);
  const x0 = rowOf(config, category, sketch);
  const from = Math.round(strength * (alphaBars.length - 1));
  // A part of the way takes a part of the evaluations.
  const steps = Math.min(Math.max(1, Math.round(strength * asked.settings.steps)), from + 1);
  return {
    ...asked,
    settings: { ...asked.settings, steps },
    alphaBars: alphaBars.subarray(0, from + 1),
    begin(stream) {
      const noisy = new Float32Array(x0.length);
      addNoise(x0, noiseOf(stream, x0.length), at(alphaBars, from), noisy);
      return noisy;
    },
    finish: ({ row, penLogits }) => decode(config, category, row, penLogits),
  };
}
