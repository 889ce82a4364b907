import { withCorners } from "./corners.ts";
import { type EncodedSketch, type EncodingName, encodings } from "./encoding.ts";
import { inOrder, type StrokeOrder } from "./order.ts";
import { simplifyToFit } from "./simplify.ts";
import type { Sketch } from "./sketch.ts";

/** How a network wants drawings. */
export interface EncodingOptions {
  readonly encoding: EncodingName;
  readonly strokeOrder: StrokeOrder;
  readonly points: number;
  /** Epsilon of the simplification before encoding, in the drawings' unit; 0: none. */
  readonly simplify: number;
  /** Whether corners are told from bends; of positions alone. */
  readonly corners?: boolean;
}

/** The drawing's strokes in order and simplified, at most `points` points where that can be. */
export function prepared(
  sketch: Sketch,
  { strokeOrder, points, simplify: epsilon, corners = false }: Omit<EncodingOptions, "encoding">,
): Sketch {
  const ordered = inOrder(sketch, strokeOrder);
  const simple = epsilon > 0 ? simplifyToFit(ordered, epsilon, points) : ordered;
  return corners ? withCorners(simple, ordered) : simple;
}

/** A drawing as a network wants it; undefined where it does not fit. */
export const encodeSketch = (sketch: Sketch, options: EncodingOptions): EncodedSketch | undefined =>
  encodings[options.encoding].encode(prepared(sketch, options), options.points);
