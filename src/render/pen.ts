import { at } from "../base/at.ts";
import type { Sketch, Stroke } from "../sketch/sketch.ts";
import { strokePath } from "./path.ts";

/** A stroke as the pen draws it. */
export interface PenStroke {
  /** SVG path data. */
  readonly path: string;
  /** When the pen comes down, and how long it takes, in seconds. */
  readonly from: number;
  readonly takes: number;
}

/** Seconds that the pen takes for the width of the picture, and between two strokes; a dot takes as long as a pause. */
const PACE = 0.45;
const PAUSE = 0.12;

const lengthOf = ({ x, y }: Stroke): number =>
  x.reduce((sum, toX, i) => (i === 0 ? 0 : sum + Math.hypot(toX - at(x, i - 1), at(y, i) - at(y, i - 1))), 0);

/**
 * A drawing as a page has its pen draw it: one stroke after the other, at even pace.
 * @param size width and height of the picture that the drawing lies in.
 */
export function penStrokes(sketch: Sketch, size: number): PenStroke[] {
  let from = 0;
  return sketch.strokes.map((stroke) => {
    const takes = Math.max((PACE * lengthOf(stroke)) / size, PAUSE);
    const drawn = { path: strokePath(stroke), from, takes };
    from += takes + PAUSE;
    return drawn;
  });
}
