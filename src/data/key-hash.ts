import { createHash } from "node:crypto";
import type { Sketch } from "../sketch/sketch.ts";

const strokesAsText = ({ strokes }: Sketch): string => JSON.stringify(strokes.map(({ x, y }) => [x, y]));

/** What names a drawing: its `keyId`, or its strokes as `[[[x...],[y...]],...]` where it has none. */
const keyOf = (sketch: Sketch): string => sketch.keyId ?? strokesAsText(sketch);

/** The same for drawings of the same strokes and, but for a chance of 2^-128, for no others. */
export const strokesHash = (sketch: Sketch): string =>
  createHash("sha256").update(strokesAsText(sketch)).digest("base64url").slice(0, 22);

/**
 * A number in [0, 1) that depends on nothing but the drawing: the first 32 bits of the SHA-256 of its key, over 2^32.
 * In Python: `int.from_bytes(sha256(key.encode()).digest()[:4], "big") / 2**32`.
 */
export const keyHash = (sketch: Sketch): number =>
  createHash("sha256").update(keyOf(sketch)).digest().readUInt32BE() / 2 ** 32;

/**
 * The split for data whose lines have no fixed order: whether a drawing is for testing, about `fraction` of all are.
 * A larger fraction keeps what a smaller one took, and copies of a drawing stay on one side.
 */
export const isForTesting = (sketch: Sketch, fraction: number): boolean => keyHash(sketch) < fraction;
