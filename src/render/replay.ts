import { z } from "zod";
import { at } from "../base/at.ts";
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
/** Of the pen, in picture sizes a second, unless told. */
export const SPEED = 1.6;
const FRAME = 40;
/** Milliseconds between strokes. */
export const PAUSE = 160;
const HOLD = 1500;
/** Milliseconds of moving pen, pauses not counted. */
export const LONGEST = 10_000;

/** A point of a stroke; `along`: the arc length from the stroke's first point. */
interface PathPoint {
  readonly x: number;
  readonly y: number;
  readonly along: number;
}

function pathOf({ x, y }: Stroke): PathPoint[] {
  const path: PathPoint[] = [];
  for (const [i, toX] of x.entries()) {
    const toY = at(y, i);
    const from = path.at(-1);
    const along = from === undefined ? 0 : from.along + Math.sqrt((toX - from.x) ** 2 + (toY - from.y) ** 2);
    path.push({ x: toX, y: toY, along });
  }
  return path;
}

/**
 * A drawing being drawn: first the blank picture, then the pen moves along each stroke at even speed, rests between
 * strokes, and the last frame is held. A frame holds no more than the box of pixels that changed.
 */
export function* replayFrames(sketch: Sketch, options: ReplayOptions = {}): Generator<ReplayFrame> {
  checked(sketchSchema, sketch, "replayGif");
  checked(schema, options, "replayGif");
  const { size = 512, margin = size * MARGIN, lineWidth = size * LINE_WIDTH, speed = SPEED } = options;
  checkMargin("replayGif", margin, size);
  const raster = blankRaster(size, lineWidth);
  const cut = ({ left, top, right, bottom }: PixelBox, delay: number): ReplayFrame => {
    const levels = new Uint8Array((right - left) * (bottom - top));
    let pixel = 0;
    for (let row = top; row < bottom; row++)
      for (let column = left; column < right; column++)
        levels[pixel++] = Math.round((raster.coverage[row * size + column] ?? 0) * (INK_LEVELS - 1));
    return { left, top, right, bottom, levels, delay };
  };

  const strokes = fitInto(sketch, size, margin).strokes.flatMap((stroke) => {
    const path = pathOf(stroke);
    const [first] = path;
    return first === undefined ? [] : [{ path, first, length: at(path, path.length - 1).along }];
  });
  const total = strokes.reduce((sum, { length }) => sum + length, 0);
  const step = Math.max((speed * size * FRAME) / 1000, (total * FRAME) / LONGEST);
  yield cut({ left: 0, top: 0, right: size, bottom: size }, strokes.length > 0 ? PAUSE : HOLD);

  for (const [index, { path, first, length }] of strokes.entries()) {
    const frames = Math.max(1, Math.round(length / step));
    let { x: penX, y: penY } = first;
    let passed = first;
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
      const ends = frame === frames;
      const goal = (length * frame) / frames;
      let to = path[next];
      while (to !== undefined && (ends || to.along <= goal)) {
        moveTo(to.x, to.y);
        passed = to;
        to = path[++next];
      }
      if (to !== undefined) {
        const part = (goal - passed.along) / (to.along - passed.along);
        moveTo(passed.x + part * (to.x - passed.x), passed.y + part * (to.y - passed.y));
      }
      const last = ends && index === strokes.length - 1;
      yield cut(box, last ? HOLD : ends ? FRAME + PAUSE : FRAME);
    }
  }
}
