import { at } from "../../base/at.ts";
import type { Steps } from "./steps.ts";

/** Numbers of a step for the network (Ha and Eck 2017, section 3.1): dx, dy, and which of three states the pen is in. */
export const STEP = 5;
/** Pen states: the stroke goes on, the pen is lifted after this point, the drawing has ended before it. */
export const penStates = { down: 0, lifted: 1, end: 2 } as const;

/** Writes one step at a place of `target`, which is 0 there. */
export function writeStep(target: Float32Array, place: number, dx: number, dy: number, pen: number): void {
  target.set([dx, dy], place * STEP);
  target[place * STEP + 2 + pen] = 1;
}

/** Zeros, the steps, and the end until there are `rows` of them: [rows, 5]. */
export function stroke5({ offsets, pens }: Steps, rows: number): Float32Array {
  const written = new Float32Array(rows * STEP);
  for (const [i, pen] of pens.entries())
    writeStep(written, i + 1, at(offsets, 2 * i), at(offsets, 2 * i + 1), pen);
  for (let row = pens.length + 1; row < rows; row++) writeStep(written, row, 0, 0, penStates.end);
  return written;
}
