import { at } from "../base/at.ts";
import { fitInto, type Sketch } from "./sketch.ts";

/**
 * How much of each pixel is inked: row-major from the top left, 0 (paper) to 1 (ink), `size` x `size` values.
 * Lines are as wide as 2 `radius`, in pixels, with round caps and joins.
 */
export interface Raster {
  readonly size: number;
  readonly radius: number;
  readonly coverage: Float32Array;
}

/** A box of pixels; `right` and `bottom` are the first ones outside. */
export interface PixelBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface RasterOptions {
  /** Width and height, in pixels. */
  readonly size?: number;
  /** Free pixels on each side of the drawing's longer side. */
  readonly margin?: number;
  /** In pixels. */
  readonly lineWidth?: number;
}

/** The proportions of the seed's pictures: 200 of 256 pixels for the drawing; its line width is ours. */
export const MARGIN = 28 / 256;
export const LINE_WIDTH = 3 / 256;

/**
 * A raster without ink.
 * @throws RangeError for a size that is no positive integer.
 */
export function blankRaster(size: number, lineWidth: number): Raster {
  if (!Number.isInteger(size) || size < 1)
    throw new RangeError(`the size of a raster must be an integer above 0, found ${size}`);
  return { size, radius: lineWidth / 2, coverage: new Float32Array(size * size) };
}

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

/**
 * Draws the line from (x0, y0) to (x1, y1), in pixels with y down and (0, 0) the corner of the first pixel, and
 * returns the box it may have touched. A pixel counts as a unit interval across the line: its coverage is the part
 * of it within the line's width, exact for level and upright lines of any width. Overlapping lines count once
 * (the larger coverage), so drawing a line in pieces gives the same picture. Only + - * / and the square root
 * are used: the same drawing gives the same bits everywhere.
 */
export function drawSegment(raster: Raster, x0: number, y0: number, x1: number, y1: number): PixelBox {
  const { size, radius, coverage } = raster;
  const reach = radius + 0.5;
  const box = {
    left: clamp(Math.floor(Math.min(x0, x1) - reach), 0, size),
    top: clamp(Math.floor(Math.min(y0, y1) - reach), 0, size),
    right: clamp(Math.ceil(Math.max(x0, x1) + reach), 0, size),
    bottom: clamp(Math.ceil(Math.max(y0, y1) + reach), 0, size),
  };
  const dx = x1 - x0;
  const dy = y1 - y0;
  const squaredLength = dx * dx + dy * dy;
  for (let row = box.top; row < box.bottom; row++) {
    const py = row + 0.5 - y0;
    for (let column = box.left; column < box.right; column++) {
      const px = column + 0.5 - x0;
      const along = squaredLength > 0 ? clamp((px * dx + py * dy) / squaredLength, 0, 1) : 0;
      const offX = px - along * dx;
      const offY = py - along * dy;
      const squaredDistance = offX * offX + offY * offY;
      if (squaredDistance >= reach * reach) continue;
      const distance = Math.sqrt(squaredDistance);
      const covered = Math.min(0.5, radius - distance) + Math.min(0.5, radius + distance);
      const pixel = row * size + column;
      if (covered > (coverage[pixel] ?? 0)) coverage[pixel] = covered;
    }
  }
  return box;
}

/**
 * A drawing as ink coverage, fitted into the square with its aspect kept; strokes of one point are dots.
 * @throws RangeError for a size that is no positive integer.
 */
export function rasterise(
  sketch: Sketch,
  { size = 64, margin = size * MARGIN, lineWidth = size * LINE_WIDTH }: RasterOptions = {},
): Float32Array {
  if (!Number.isInteger(size) || size < 1 || !(2 * margin < size))
    throw new RangeError(
      `a raster's size must be an integer above twice its margin, found ${size}, ${margin}`,
    );
  const raster = blankRaster(size, lineWidth);
  for (const { x, y } of fitInto(sketch, size, margin).strokes) {
    if (x.length === 1) drawSegment(raster, at(x, 0), at(y, 0), at(x, 0), at(y, 0));
    for (let i = 1; i < x.length; i++)
      drawSegment(raster, x[i - 1] ?? 0, y[i - 1] ?? 0, x[i] ?? 0, y[i] ?? 0);
  }
  return raster.coverage;
}
