import gifenc from "gifenc";
import { at } from "../base/at.ts";
import type { Sketch } from "../sketch/sketch.ts";
import { INK_LEVELS, type ReplayOptions, replayFrames } from "./replay.ts";
import { INK, PAPER } from "./theme.ts";

const createEncoder = typeof gifenc === "function" ? gifenc : gifenc.GIFEncoder;

const COLOR_DEPTH = Math.log2(INK_LEVELS);
const LEAVE = 1;
/** Bytes of the graphic control extension that comes before each frame's image descriptor. */
const CONTROL_BYTES = 8;

const channels = (hex: string): number[] =>
  [1, 3, 5].map((start) => Number.parseInt(hex.slice(start, start + 2), 16));

/** From paper to ink in equal steps, as a renderer blends an edge. */
function inkPalette(): number[][] {
  const ink = channels(INK);
  return Array.from({ length: INK_LEVELS }, (_, level) =>
    channels(PAPER).map((paper, i) => Math.round(paper + ((at(ink, i) - paper) * level) / (INK_LEVELS - 1))),
  );
}

/** A GIF that draws the sketch stroke by stroke, for ever: see `replayFrames`. */
export function replayGif(sketch: Sketch, options: ReplayOptions = {}): Uint8Array {
  const encoder = createEncoder();
  const palette = inkPalette();
  for (const { left, top, right, bottom, levels, delay } of replayFrames(sketch, options)) {
    const start = encoder.bytesView().length;
    const frame = { delay, dispose: LEAVE, colorDepth: COLOR_DEPTH };
    encoder.writeFrame(levels, right - left, bottom - top, start === 0 ? { ...frame, palette } : frame);
    if (start === 0) continue;
    // gifenc writes every frame at the top left; the descriptor has room for where it belongs.
    const bytes = encoder.bytesView();
    const descriptor = new DataView(bytes.buffer, bytes.byteOffset + start + CONTROL_BYTES);
    descriptor.setUint16(1, left, true);
    descriptor.setUint16(3, top, true);
  }
  encoder.finish();
  return encoder.bytes();
}
