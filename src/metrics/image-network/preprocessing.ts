import { rasterise } from "../../sketch/raster.ts";
import type { Sketch } from "../../sketch/sketch.ts";
import { bicubic, bilinear, resize } from "./resize.ts";

/** What makes a network's input of a picture, by the program whose numbers it is to reproduce. */
export const preprocessings = ["pytorch-fid", "clean-fid"] as const;
export type Preprocessing = (typeof preprocessings)[number];

/** Width and height of the pictures that published protocols resize from. */
export const PICTURE_SIZE = 256;

/**
 * A drawing as the 8-bit grey levels that a PNG of it holds, black on white: whole numbers, 0 (ink) to 255 (paper),
 * 256 x 256, row-major.
 */
export const greyLevels = (sketch: Sketch): Float32Array =>
  rasterise(sketch, { size: PICTURE_SIZE }).map((ink) => Math.round(255 * (1 - ink)));

/**
 * Makes the function from grey levels, 256 x 256, to one channel of a network's input, `height` x `width`:
 * - "pytorch-fid": to 0 .. 1, bilinear without antialiasing, to -1 .. 1 as 2x - 1;
 * - "clean-fid" (Parmar et al. 2022, "On aliased resizing and surprising subtleties in GAN evaluation"): bicubic with
 *   antialiasing on float32, cut to 0 .. 255 and not rounded, then (x - 128) / 128.
 */
export function preprocessor(
  preprocessing: Preprocessing,
  height: number,
  width: number,
): (levels: Float32Array) => Float32Array {
  if (preprocessing === "pytorch-fid") {
    const rows = bilinear(PICTURE_SIZE, height);
    const columns = bilinear(PICTURE_SIZE, width);
    const unit = (level: number) => level / 255;
    const signed = (value: number) => 2 * value - 1;
    return (levels) => resize(levels.map(unit), rows, columns).map(signed);
  }
  const rows = bicubic(PICTURE_SIZE, height);
  const columns = bicubic(PICTURE_SIZE, width);
  const centred = (level: number) => (Math.max(0, Math.min(255, level)) - 128) / 128;
  return (levels) => resize(levels, rows, columns).map(centred);
}
