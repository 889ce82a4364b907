import { UserError } from "../base/errors.ts";
import type { ModelConfig } from "../config/model.ts";
import { encodeSketch } from "../sketch/encode.ts";
import { normalise } from "../sketch/normalisation.ts";
import { withPen } from "../sketch/pen-channel.ts";
import type { Sketch } from "../sketch/sketch.ts";

/** A drawing as a network sees drawings, [points, channels]; throws a UserError for one that does not fit. */
export function rowOf(config: ModelConfig, category: string, sketch: Sketch): Float32Array {
  if (!sketch.strokes.some(({ x }) => x.length > 1))
    throw new UserError("the drawing has no stroke of two points or more; take one that has.");
  const encoded = encodeSketch(sketch, config);
  if (encoded === undefined)
    throw new UserError(
      `the drawing cannot be written in the ${config.points} points that this model has; take one with fewer strokes.`,
    );
  const values = normalise(encoded.values, config.normalisation[category]);
  return config.pen === "channel" ? withPen(values, encoded.pens) : values;
}
