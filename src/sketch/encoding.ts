import { decodeDeltas, encodeDeltas } from "./delta.ts";
import { decodePositions, encodePositions } from "./position.ts";
import type { Sketch } from "./sketch.ts";

/** A drawing as a network sees it before normalisation. */
export interface EncodedSketch {
  /** Two numbers a point, interleaved: [points, 2]. */
  readonly values: Float32Array;
  /** [points]: 1 where the pen is lifted after the point, else 0. */
  readonly pens: Float32Array;
}

/** A way to write a drawing as a sequence of fixed length, and back. */
export interface Encoding {
  /** undefined for a drawing that cannot be written in `points` points. */
  encode(sketch: Sketch, points: number): EncodedSketch | undefined;
  decode(values: Float32Array, pens: Float32Array): Sketch;
}

/** "delta": steps from point to point, as the seed does; "position": where the points are. */
export const encodings = {
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
} as const satisfies Record<string, Encoding>;

export type EncodingName = keyof typeof encodings;
