import { at } from "../../base/at.ts";
import type { RandomStream } from "../../base/random.ts";
import { augment } from "../../sketch/augment.ts";
import { inOrder, type StrokeOrder } from "../../sketch/order.ts";
import { withPen } from "../../sketch/pen-channel.ts";
import { decodePositions, writePositions } from "../../sketch/position.ts";
import { pointCount, type Sketch } from "../../sketch/sketch.ts";
import type { TrainingSet } from "./training-set.ts";

/** How drawings are given to a network. */
export interface ExampleOptions {
  readonly augment: boolean;
  readonly pen: "head" | "channel";
  readonly strokeOrder: StrokeOrder;
  readonly corners?: boolean;
  /** Share of the drawings of which a prefix is given. */
  readonly prefixConditioning: number;
}

/** A drawing to learn from. */
export interface Example {
  /** [points, channels]. */
  readonly x0: Float32Array;
  /** [points]. */
  readonly pens: Float32Array;
  /** So many of the first points are known. */
  readonly known: number;
}

/** The drawing at a place of the set, as one step sees it. */
export function exampleOf(
  set: TrainingSet,
  member: number,
  stream: RandomStream,
  options: ExampleOptions,
): Example {
  const { points } = set;
  const stored = set.values.subarray(member * points * 2, (member + 1) * points * 2);
  const augmented = options.augment ? augment(stored, stream) : stored;
  const drawn = set.pens.subarray(member * points, (member + 1) * points);
  const { values, pens, known } =
    options.prefixConditioning > 0
      ? withPrefix(decodePositions(augmented, drawn, options.corners), points, stream, options)
      : { values: augmented, pens: drawn, known: 0 };
  return { x0: options.pen === "channel" ? withPen(values, pens) : values, pens, known };
}

/** Takes the noise off what is known of the example at a place of a batch, and marks it there. */
export function tellKnown(
  batch: { readonly noisy: Float32Array; readonly known: Float32Array },
  { x0, pens, known }: Example,
  place: number,
): void {
  const points = pens.length;
  const channels = x0.length / points;
  batch.noisy.set(x0.subarray(0, known * channels), place * x0.length);
  batch.known.fill(1, place * points, place * points + known);
}

/** In one example of two a prefix ends where a stroke does, as when the pen has been lifted. */
const LIFTED = 0.5;

/**
 * Now and then with a prefix that is given. It is as people drew it, up to any point; the strokes after it come in the
 * order that the network draws in.
 */
function withPrefix(
  sketch: Sketch,
  points: number,
  stream: RandomStream,
  { prefixConditioning, strokeOrder }: ExampleOptions,
) {
  const prefix = stream.uniform() < prefixConditioning ? prefixOf(sketch, stream) : { known: 0, strokes: 0 };
  const ordered = inOrder(sketch, strokeOrder, prefix.strokes);
  const { positions, pens } = writePositions(ordered, points);
  return { values: positions, pens, known: prefix.known };
}

/** So many points, and the strokes that they are in. */
function prefixOf(sketch: Sketch, stream: RandomStream) {
  const cut = 1 + Math.floor(stream.uniform() * (pointCount(sketch) - 1));
  const lifted = stream.uniform() < LIFTED;
  let end = 0;
  let strokes = 0;
  while (end < cut) end += at(sketch.strokes, strokes++).x.length;
  return { known: lifted ? end : cut, strokes };
}
