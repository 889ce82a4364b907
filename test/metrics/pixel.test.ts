import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { randomStream } from "../../src/base/random.ts";
import { pixelFid, pixelKid, pixelVector } from "../../src/metrics/pixel.ts";
import { decodeSafetensors, toFloat32 } from "../../src/weights/safetensors.ts";

const golden = fileURLToPath(new URL("../../../shared/golden/unet1d_base16.safetensors", import.meta.url));
const hasGolden = existsSync(golden);
if (!hasGolden) console.warn("skipped: the seed's pixel metrics (../shared/golden is missing)");

describe.skipIf(!hasGolden)("the seed's golden numbers", () => {
  it("come out to 1e-5", () => {
    const { tensors, metadata } = decodeSafetensors(readFileSync(golden), golden);
    const rows = (name: string): Float32Array[] => {
      const tensor = tensors.get(name);
      if (tensor === undefined) throw new Error(`${name} is missing`);
      const [count, width] = tensor.shape;
      const values = toFloat32(tensor);
      return Array.from({ length: count }, (_, i) => values.subarray(i * width, (i + 1) * width));
    };
    const real = rows("pixel_metrics.real");
    const fake = rows("pixel_metrics.fake");
    expect(pixelFid(real, fake) / Number(metadata["pixel_metrics.fid"])).toBeCloseTo(1, 6);
    expect(Math.abs(pixelKid(real, fake) / Number(metadata["pixel_metrics.kid"]) - 1)).toBeLessThan(1e-5);
  });
});

describe("pixelFid", () => {
  it("is a thousand times the squared distance of the means", () => {
    const real = [
      [0, 0],
      [2, 0],
    ];
    const fake = [[4, 4]];
    expect(pixelFid(real, fake)).toBe(1000 * (3 ** 2 + 4 ** 2));
    expect(pixelFid(real, real)).toBe(0);
  });
});

describe("pixelKid", () => {
  it("leaves out a vector's kernel with itself", () => {
    // Two opposite corners of length 1: (x·y / d + 1)³ is 1 between different ones, (1/2 + 1)³ with themselves.
    const corners = [
      [1, 0],
      [0, 1],
    ];
    expect(pixelKid(corners, corners)).toBeCloseTo(1 + 1 - (1 + 1.5 ** 3), 12);
  });

  it("is 0 on average for two samples of one distribution", () => {
    const trials = Array.from({ length: 200 }, (_, trial) => {
      const stream = randomStream(1, trial);
      const sample = () => Array.from({ length: 10 }, () => [stream.normal(), stream.normal()]);
      return pixelKid(sample(), sample());
    });
    const mean = trials.reduce((sum, kid) => sum + kid) / trials.length;
    const spread = Math.sqrt(trials.reduce((sum, kid) => sum + (kid - mean) ** 2, 0) / trials.length);
    expect(Math.abs(mean)).toBeLessThan((4 * spread) / Math.sqrt(trials.length));
  });

  it("looks at the first 200 only", () => {
    const stream = randomStream(2);
    const real = Array.from({ length: 230 }, () => [stream.uniform()]);
    const fake = Array.from({ length: 210 }, () => [stream.uniform() ** 2]);
    expect(pixelKid(real, fake)).toBe(pixelKid(real.slice(0, 200), fake.slice(0, 200)));
  });

  it("asks for more drawings where there are too few", () => {
    expect(() => pixelKid([[1]], [[1], [2]])).toThrow(/at least 2 drawings of each kind, found 1 real and 2/);
    expect(() => pixelFid([], [[1]])).toThrow(/found 0 real/);
  });
});

describe("pixelVector", () => {
  it("is a 64 x 64 picture with paper 1 and ink 0", () => {
    const blank = pixelVector({ strokes: [] });
    expect(blank.length).toBe(4096);
    expect(blank.every((value) => value === 1)).toBe(true);
    const line = pixelVector({ strokes: [{ x: [0, 1], y: [0, 0] }] });
    expect(line[31 * 64 + 32]).toBe(0.625);
  });
});
