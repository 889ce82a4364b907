import { at } from "../../base/at.ts";
import type { RandomStream } from "../../base/random.ts";
import type { Steps } from "./steps.ts";

/** Ha and Eck 2017, section 3.2: each axis is stretched by up to so much. */
const STRETCH = 0.15;
/** Share of the points inside of strokes that are left out. */
const LEFT_OUT = 0.1;

/** A drawing stretched, and without some of the points inside of its strokes; everything random comes from `stream`. */
export function augmented({ offsets, pens }: Steps, stream: RandomStream): Steps {
  const [stretchX, stretchY] = [stretch(stream), stretch(stream)];
  const kept: { offsets: number[]; pens: number[] } = { offsets: [], pens: [] };
  let [dx, dy] = [0, 0];
  for (const [i, pen] of pens.entries()) {
    dx += stretchX * at(offsets, 2 * i);
    dy += stretchY * at(offsets, 2 * i + 1);
    const isInside = pen === 0 && i > 0 && at(pens, i - 1) === 0;
    if (isInside && stream.uniform() < LEFT_OUT) continue;
    kept.offsets.push(dx, dy);
    kept.pens.push(pen);
    [dx, dy] = [0, 0];
  }
  return { offsets: Float32Array.from(kept.offsets), pens: Float32Array.from(kept.pens) };
}

const stretch = (stream: RandomStream): number => 1 + STRETCH * (2 * stream.uniform() - 1);
