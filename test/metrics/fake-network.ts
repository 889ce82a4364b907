import type { FeatureNetwork } from "../../src/metrics/features.ts";
import { boundsOf, type Sketch } from "../../src/sketch/sketch.ts";

const side = (sketch: Sketch) => {
  const { minX = 0, maxX = 0, minY = 0, maxY = 0 } = boundsOf(sketch) ?? {};
  return [(maxX - minX) / 100, (maxY - minY) / 100];
};

/** A network that sees width and height, and takes wide drawings for buses and others for cats. */
export const fakeNetwork = (categories?: readonly string[]): FeatureNetwork => ({
  name: "fake",
  hash: "0123456789ab",
  size: 2,
  ...(categories && { categories }),
  async describe(sketches, { onProgress, signal } = {}) {
    signal?.throwIfAborted();
    onProgress?.(sketches.length);
    const values = Float32Array.from(sketches.flatMap(side));
    const features = { count: sketches.length, size: 2, values };
    const logits = () =>
      Float32Array.from(
        sketches.flatMap((sketch) => {
          const [width, height] = side(sketch);
          const known: Record<string, number> = { cat: height, bus: width };
          return (categories ?? []).map((category) => known[category] ?? -9);
        }),
      );
    return { features, ...(categories && { logits: logits() }) };
  },
  dispose: async () => {},
});

/** A box so wide and high. */
export const box = (width: number, height: number): Sketch => ({
  strokes: [{ x: [0, width, width, 0, 0], y: [0, 0, height, height, 0] }],
});
