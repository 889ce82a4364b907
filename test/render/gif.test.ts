import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { replayGif } from "../../src/render/gif.ts";
import { replayFrames } from "../../src/render/replay.ts";
import { rasterise } from "../../src/sketch/raster.ts";
import type { Sketch } from "../../src/sketch/sketch.ts";
import { anySketch, house } from "./drawings.ts";
import { pictureAfter, readGif } from "./gif-reader.ts";

const inkOf = (picture: Uint8Array): number => picture.reduce((sum, level) => sum + level, 0);

describe("replayGif", () => {
  const gif = readGif(replayGif(house, { size: 128 }));

  it("loops for ever in sixteen greys from paper to ink, each frame left in place", () => {
    expect([gif.width, gif.height]).toEqual([128, 128]);
    expect(gif.loops).toBe(0);
    expect(gif.palette.length).toBe(16);
    expect(gif.palette[0]).toEqual([255, 255, 255]);
    expect(gif.palette[15]).toEqual([0x1c, 0x1f, 0x26]);
    expect(gif.frames.every(({ disposal }) => disposal === 1)).toBe(true);
  });

  it("begins blank, rests after each stroke and holds the last frame", () => {
    expect(inkOf(pictureAfter(gif, 1))).toBe(0);
    const delays = gif.frames.map(({ delay }) => delay);
    expect(delays.at(-1)).toBe(150);
    // 4 strokes: the blank frame, three rests, the hold; all others 25 a second.
    expect(delays.filter((delay) => delay !== 4)).toEqual([16, 20, 20, 20, 150]);
  });

  it("adds ink steadily: the pen keeps its speed", () => {
    const square = { strokes: [{ x: [0, 100, 100, 0, 0], y: [0, 0, 100, 100, 0] }] };
    const replay = readGif(replayGif(square, { size: 256 }));
    // 4 sides of 200 px at 1.6 * 256 px/s and 25 frames/s: 48.8 frames.
    expect(replay.frames.length).toBe(1 + 49);
    const ink = replay.frames.map((_, i) => inkOf(pictureAfter(replay, i + 1)));
    const gains = ink.slice(2, -1).map((sum, i) => sum - ink[i + 1]);
    const mean = gains.reduce((sum, gain) => sum + gain) / gains.length;
    for (const gain of gains) expect(Math.abs(gain - mean)).toBeLessThan(0.15 * mean);
  });

  it("changes a small part of the picture at a time", () => {
    const [, ...later] = gif.frames;
    for (const { width, height } of later) expect(width * height).toBeLessThan(16 * 16);
  });

  it("ends with the whole drawing, whatever it is", () => {
    fc.assert(
      fc.property(anySketch, (sketch: Sketch) => {
        const replay = readGif(replayGif(sketch, { size: 48, speed: 4 }));
        const whole = rasterise(sketch, { size: 48 });
        // A stroke cut into pieces passes through rounded points: a level may fall on either side of a half.
        const off = pictureAfter(replay).filter((level, i) => Math.abs(level - 15 * whole[i]) > 0.51);
        expect(off.length).toBe(0);
        expect(replay.frames.at(-1)?.delay).toBe(150);
      }),
      { numRuns: 40 },
    );
  });

  it("draws a very long drawing in ten seconds and rests", () => {
    const x = Array.from({ length: 10_000 }, (_, i) => (i * 37) % 255);
    const y = Array.from({ length: 10_000 }, (_, i) => (i * 101) % 255);
    let frames = 0;
    for (const _ of replayFrames({ strokes: [{ x, y }] }, { size: 32 })) frames++;
    expect(frames).toBe(1 + 250);
  });

  it("refuses half a pixel", () => {
    expect(() => replayGif(house, { size: 99.5 })).toThrow(
      "replayGif: size: expected a whole number from 1 to 16384, found 99.5",
    );
  });
});
