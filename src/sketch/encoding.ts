import { decodeDeltas, encodeDeltas } from "./delta.ts";
import { decodePositions, encodePositions } from "./position.ts";
import type { Sketch } from "./sketch.ts";

/** A drawing as a network sees it before normalisation. */
export interface EncodedSketch {
  /** Two numbers a point, interleaved: [points, 2]. */
  readonly values: Float32Array;
  /** 1 where the pen is lifted after the point, 0.5 at a corner that is known, else 0: [points]. */
  readonly pens: Float32Array;
}

/** A way to write a drawing as a sequence of fixed length, and back. */
export interface Encoding {
  /** undefined for a drawing that cannot be written in `points` points. */
  encode(sketch: Sketch, points: number): EncodedSketch | undefined;
  /** The drawing of values [points, 2] and pens [points], or the pens' probabilities; with its corners where pens tell them. */
  decode(values: Float32Array, pens: Float32Array, corners?: boolean): Sketch;
}

/** The name of an encoding. */
export type EncodingName = "delta" | "position";

/** "delta": steps from point to point, as the seed does; "position": where the points are. */
export const encodings: Readonly<Record<EncodingName, Encoding>> = {
  delta: {
    encode(sketch, points) {
      const encoded = encodeDeltas(sketch, points);
      return encoded && { values: encoded.deltas, pens: encoded.pens };
    },
    decode: decodeDeltas,
  },
  position: {
    encode(sketch, points) {
      const encoded = encodePositions(sketch, points);
      return encoded && { values: encoded.positions, pens: encoded.pens };
    },
    decode: decodePositions,
  },
};
