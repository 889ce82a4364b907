import { z } from "zod";
import { checked, type KeysOf } from "../base/check.ts";
import { wholeNumber } from "../base/numbers.ts";
import { blankRaster, drawSegment, LINE_WIDTH, MARGIN, type PixelBox } from "../sketch/raster.ts";
import { sketchSchema } from "../sketch/schema.ts";
import { fitInto, type Sketch, type Stroke } from "../sketch/sketch.ts";
import { checkMargin, lengthKey, pictureKeys } from "./options.ts";

/** How a drawing being drawn looks, and how fast it is. */
export interface ReplayOptions {
  /** Width and height, in pixels. */
  readonly size?: number;
  /** Free on each side of the drawing's longer side, in pixels. */
  readonly margin?: number;
  /** In pixels. */
  readonly lineWidth?: number;
  /** How far the pen goes in a second, in picture sizes; long drawings are drawn faster, in `LONGEST` at most. */
  readonly speed?: number;
}

/** A GIF has 16 bits for each of its sides; a frame of this size takes a gigabyte. */
const LARGEST = 16_384;

const schema = z.strictObject({
  size: wholeNumber(1, LARGEST).optional(),
  speed: lengthKey.optional(),
  ...pictureKeys,
} satisfies KeysOf<ReplayOptions>);

/** The part of the picture that changes: it replaces what was there and is shown for `delay` milliseconds. */
export interface ReplayFrame extends PixelBox {
  /** Row-major ink levels, 0 (paper) to 15 (ink). */
  readonly levels: Uint8Array;
  readonly delay: number;
}

export const INK_LEVELS = 16;
const FRAME = 40;
const PAUSE = 160;
const HOLD = 1500;
/** Milliseconds of moving pen, pauses not counted. */
const LONGEST = 10_000;

/** Arc length from the first point to each point. */
function arcLengths({ x, y }: Stroke): number[] {
  let length = 0;
  return x.map((_, i) => {
    if (i > 0) length += Math.sqrt((x[i] - x[i - 1]) ** 2 + (y[i] - y[i - 1]) ** 2);
    return length;
  });
}

/**
 * A drawing being drawn: first the blank picture, then the pen moves along each stroke at even speed, rests between
 * strokes, and the last frame is held. A frame holds no more than the box of pixels that changed.
 */
export function* replayFrames(sketch: Sketch, options: ReplayOptions = {}): Generator<ReplayFrame> {
  checked(sketchSchema, sketch, "replayGif");
  checked(schema, options, "replayGif");
  const { size = 512, margin = size * MARGIN, lineWidth = size * LINE_WIDTH, speed = 1.6 } = options;
  checkMargin("replayGif", margin, size);
  const raster = blankRaster(size, lineWidth);
  const cut = ({ left, top, right, bottom }: PixelBox, delay: number): ReplayFrame => {
    const levels = new Uint8Array((right - left) * (bottom - top));
    let at = 0;
    for (let row = top; row < bottom; row++)
      for (let column = left; column < right; column++)
        levels[at++] = Math.round(raster.coverage[row * size + column] * (INK_LEVELS - 1));
    return { left, top, right, bottom, levels, delay };
  };

  const strokes = fitInto(sketch, size, margin).strokes.filter(({ x }) => x.length > 0);
  const lengths = strokes.map(arcLengths);
  const total = lengths.reduce((sum, along) => sum + along[along.length - 1], 0);
  const step = Math.max((speed * size * FRAME) / 1000, (total * FRAME) / LONGEST);
  yield cut({ left: 0, top: 0, right: size, bottom: size }, strokes.length > 0 ? PAUSE : HOLD);

  for (const [index, { x, y }] of strokes.entries()) {
    const along = lengths[index];
    const length = along[along.length - 1];
    const frames = Math.max(1, Math.round(length / step));
    let [penX] = x;
    let [penY] = y;
    let next = 1;
    for (let frame = 1; frame <= frames; frame++) {
      let box = drawSegment(raster, penX, penY, penX, penY);
      const moveTo = (toX: number, toY: number): void => {
        const drawn = drawSegment(raster, penX, penY, toX, toY);
        box = {
          left: Math.min(box.left, drawn.left),
          top: Math.min(box.top, drawn.top),
          right: Math.max(box.right, drawn.right),
          bottom: Math.max(box.bottom, drawn.bottom),
        };
        penX = toX;
        penY = toY;
      };
      const goal = (length * frame) / frames;
      while (next < x.length && (frame === frames || along[next] <= goal)) {
        moveTo(x[next], y[next]);
        next++;
      }
      if (next < x.length) {
        const part = (goal - along[next - 1]) / (along[next] - along[next - 1]);
        moveTo(x[next - 1] + part * (x[next] - x[next - 1]), y[next - 1] + part * (y[next] - y[next - 1]));
      }
      const ends = frame === frames;
      const last = ends && index === strokes.length - 1;
      yield cut(box, last ? HOLD : ends ? FRAME + PAUSE : FRAME);
    }
  }
}
