import { fitInto, mapPoints, type Sketch } from "../sketch/sketch.ts";

/** The seed's picture: 200 px in the middle of 256. */
export const SIZE = 256;
export const MARGIN = 28;
const MIDDLE = SIZE / 2;
const HALF = MIDDLE - MARGIN;

/** Strokes on a sheet of 256 x 256 with the middle 200 from -1 to 1. */
export const fromSheet = (sketch: Sketch): Sketch =>
  mapPoints(sketch, (x, y) => [(x - MIDDLE) / HALF, (y - MIDDLE) / HALF]);

/** The way back: strokes of -1 to 1 on the middle 200 of a sheet of 256 x 256. */
export const toSheet = (sketch: Sketch): Sketch =>
  mapPoints(sketch, (x, y) => [MIDDLE + HALF * x, MIDDLE + HALF * y]);

/** As large as the middle 200 of a sheet of 256 x 256. */
export const fitSheet = (sketch: Sketch): Sketch => fitInto(sketch, SIZE, MARGIN);
