import { UserError } from "../../base/errors.ts";
import { type EncodingOptions, encodeSketch } from "../../sketch/encode.ts";
import { normalise } from "../../sketch/normalisation.ts";
import { withPen } from "../../sketch/pen-channel.ts";
import type { Sketch } from "../../sketch/sketch.ts";
import { normalisationOf } from "./normalisation.ts";
import type { DenoiserLearnt, DenoiserSettings } from "./settings.ts";

/** What is needed to know of a model to write drawings as its rows. */
interface Encodable {
  readonly network: EncodingOptions & Pick<DenoiserSettings, "pen">;
  readonly learnt: Pick<DenoiserLearnt, "normalisation">;
}

/** A drawing as a network sees drawings, [points, channels]; throws a UserError for one that does not fit. */
export function rowOf({ network, learnt }: Encodable, category: string, sketch: Sketch): Float32Array {
  if (!sketch.strokes.some(({ x }) => x.length > 1))
    throw new UserError("the drawing has no stroke of two points or more; take one that has.", {
      code: "no-strokes",
    });
  const encoded = encodeSketch(sketch, network);
  if (encoded === undefined)
    throw new UserError(
      `the drawing cannot be written in the ${network.points} points that this model has; take one with fewer strokes.`,
      { code: "too-many-points" },
    );
  const values = normalise(encoded.values, normalisationOf({ learnt }, category));
  return network.pen === "channel" ? withPen(values, encoded.pens) : values;
}
