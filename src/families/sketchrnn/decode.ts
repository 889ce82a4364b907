import { rounded } from "../../sketch/curve.ts";
import { fitInto, type Sketch } from "../../sketch/sketch.ts";
import { MARGIN, SIZE } from "../sheet.ts";
import { type Steps, scaled, sketchOf } from "./steps.ts";

/** The drawing of normalised steps, in the middle of the sheet; its few points are the corners of what was a curve. */
export const wholeDrawing = (scale: number, steps: Steps): Sketch =>
  fitInto(rounded(sketchOf(scaled(steps, scale))), SIZE, MARGIN);
