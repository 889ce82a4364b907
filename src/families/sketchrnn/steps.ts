import { at } from "../../base/at.ts";
import { decodeDeltas } from "../../sketch/delta.ts";
import { prepared } from "../../sketch/encode.ts";
import { fitInto, type Sketch } from "../../sketch/sketch.ts";
import type { SketchRnnSettings } from "./settings.ts";

/** A drawing as the steps from its first point on. */
export interface Steps {
  /** (dx, dy) to the next point, interleaved: [steps, 2]. */
  readonly offsets: Float32Array;
  /** [steps]: 1 where the pen is lifted after that point, else 0. */
  readonly pens: Float32Array;
}

/** The longer side of a drawing before its offsets are normalised. */
export const SIDE = 255;

type Encoding = Pick<SketchRnnSettings, "points" | "simplify" | "strokeOrder">;

/** The steps of a drawing, in its own unit; strokes of one point are dropped. */
export function stepsOf({ strokes }: Sketch): Steps {
  const [first, ...others] = strokes
    .filter(({ x }) => x.length > 1)
    .flatMap(({ x, y }) => x.map((px, i) => ({ x: px, y: at(y, i), pen: Number(i === x.length - 1) })));
  if (first === undefined) return { offsets: new Float32Array(0), pens: new Float32Array(0) };
  let from = first;
  const offsets = others.flatMap((point) => {
    const { x, y } = from;
    from = point;
    return [point.x - x, point.y - y];
  });
  return { offsets: Float32Array.from(offsets), pens: Float32Array.from(others, ({ pen }) => pen) };
}

/** The fewest steps of a drawing: a line of two points shows nothing. */
const SHORTEST = 2;

/** The steps of a training drawing whose longer side is `SIDE`; undefined where it has too many points or too few. */
export function encodeSteps(sketch: Sketch, encoding: Encoding): Steps | undefined {
  const steps = stepsOf(fitInto(prepared(sketch, encoding), SIDE, 0));
  return steps.pens.length >= SHORTEST && steps.pens.length < encoding.points ? steps : undefined;
}

/**
 * The drawing that steps lead to, from its first point at the origin.
 * @param penLifted 1 where the first point is only where the pen comes from.
 */
export const sketchOf = ({ offsets, pens }: Steps, penLifted = 0): Sketch =>
  decodeDeltas(Float32Array.of(0, 0, ...offsets), Float32Array.of(penLifted, ...pens));

/** The same steps in another unit. */
export const scaled = ({ offsets, pens }: Steps, factor: number): Steps => ({
  offsets: offsets.map((offset) => offset * factor),
  pens,
});
