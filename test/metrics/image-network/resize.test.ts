import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bicubic, bilinear, resize } from "../../../src/metrics/image-network/resize.ts";

const kinds = [
  ["bilinear", bilinear],
  ["bicubic", bicubic],
] as const;

/** Whole numbers of 0 to 255 with no pattern that an interpolation could share. */
const picture = (size: number): Float32Array =>
  Float32Array.from({ length: size * size }, (_, i) => {
    const [x, y] = [i % size, Math.floor(i / size)];
    return (37 * x + 91 * y + 11 * x * y) % 256;
  });

const square = (kind: typeof bicubic, from: number, to: number): Float32Array =>
  resize(picture(from), kind(from, to), kind(from, to));

describe.each(kinds)("%s", (_, kind) => {
  const sizes = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }));

  it("weights sum to 1 and lie within the picture", () => {
    fc.assert(
      fc.property(sizes, ([from, to]) => {
        const { start, weights } = kind(from, to);
        expect(weights).toHaveLength(to);
        for (const [i, row] of weights.entries()) {
          expect(start[i]).toBeGreaterThanOrEqual(0);
          expect(start[i] + row.length).toBeLessThanOrEqual(from);
          // Below 40 * 4 terms of at most 1, each rounded to 2^-53.
          expect(Math.abs(row.reduce((sum, weight) => sum + weight, 0) - 1)).toBeLessThan(1e-13);
        }
      }),
    );
  });

  it("leaves a picture of the same size as it is, and an even one even", () => {
    fc.assert(
      fc.property(sizes, ([from, to]) => {
        expect(square(kind, from, from)).toEqual(picture(from));
        const even = resize(new Float32Array(from * from).fill(200), kind(from, to), kind(from, to));
        // Rounded to float32 after each of the two directions.
        expect(Math.max(...even.map((value) => Math.abs(value - 200)))).toBeLessThanOrEqual(400 * 2 ** -24);
      }),
    );
  });

  it("of a mirrored picture is the mirrored result", () => {
    // Both sides add the same products, in another order.
    const forth = kind(7, 12);
    const values = Float32Array.of(3, 1, 4, 1, 5, 9, 2);
    const one = bilinear(1, 1);
    const result = resize(values, one, forth);
    const mirrored = resize(values.toReversed(), one, forth).reverse();
    for (const [i, value] of result.entries()) expect(mirrored[i]).toBeCloseTo(value, 5);
  });

  it("keeps a ramp a ramp away from the borders", () => {
    const [from, to] = [20, 50];
    const ramp = Float32Array.from({ length: from }, (_, x) => x);
    const result = resize(ramp, bilinear(1, 1), kind(from, to));
    for (let i = 5; i < to - 5; i++) expect(result[i]).toBeCloseTo((i + 0.5) * (from / to) - 0.5, 5);
  });
});

it("takes rows and columns apart: a picture need not be square", () => {
  const wide = Float32Array.of(0, 10, 20, 100, 110, 120);
  expect([...resize(wide, bilinear(2, 4), bilinear(3, 3))]).toEqual([
    0, 10, 20, 25, 35, 45, 75, 85, 95, 100, 110, 120,
  ]);
});

it("bilinear, by hand", () => {
  const row = Float32Array.of(0, 8, 4, 16);
  const to = (length: number) => [...resize(row, bilinear(1, 1), bilinear(4, length))];
  // Positions (i + 0.5) / 2 - 0.5: -0.25, 0.25, 0.75, ...; those outside take the border.
  expect(to(8)).toEqual([0, 2, 6, 7, 5, 7, 13, 16]);
  // Positions 0.5 and 2.5: no average over what is skipped.
  expect(to(2)).toEqual([4, 10]);
  expect(to(1)).toEqual([6]);
});

/** PyTorch rounds positions, here below 9, to float32 three times on each axis; a position moves over steps of 255. */
const POSITION_ERROR = 2 * 3 * 9 * 2 ** -24 * 255;

it.each([
  [
    4,
    7,
    [
      0, 13.214287, 34.357143, 55.500004, 76.64286, 97.78572, 111, 32.500004, 47.11735, 70.505104, 93.89287,
      117.28062, 140.66838, 155.28572, 84.5, 101.36224, 128.34184, 155.32144, 182.30104, 209.28062, 226.14287,
      136.50002, 155.60715, 186.17859, 152.74998, 119.32142, 149.89285, 168.99998, 170.21428, 191.56631,
      225.72958, 141.03569, 56.341858, 90.505135, 111.85716, 75.92854, 99.52548, 137.28058, 129.32143,
      121.36228, 159.11739, 182.71431, 17, 42.000004, 82, 122.000015, 162.00002, 202.00002, 227,
    ],
  ],
  [
    9,
    4,
    [
      84.296875, 183.01562, 121.734375, 124.453125, 80.515625, 202.92188, 129.32812, 171.73438, 96.734375,
      194.82812, 144.92188, 119.015625, 172.95312, 158.73438, 136.51562, 106.296875,
    ],
  ],
])(
  "bilinear, %i to %i: PyTorch 1.13, interpolate(mode='bilinear', align_corners=False)",
  (from, to, golden) => {
    for (const [i, value] of square(bilinear, from, to).entries())
      expect(Math.abs(value - golden[i])).toBeLessThanOrEqual(POSITION_ERROR);
  },
);

// Image.fromarray(picture, mode="F").resize((to, to), resample=Image.BICUBIC): the same bits.
it.each([
  [
    8,
    11,
    [
      -7.1464796, 13.666484, 42.853928, 69.30003, 94.79996, 129.41585, 164.03174, 189.53165, 235.97308,
      132.69676, -19.55199, 44.55739, 67.78434, 108.06192, 152.19023, 194.37587, 130.27393, 66.17199,
      108.35762, 160.36195, 148.46294, 103.52201, 125.900734, 160.81914, 174.32373, 152.46999, 203.00652,
      131.47728, 59.948032, 110.484566, 87.23056, 110.01144, 157.04913, 176.21074, 227.56575, 187.05267,
      41.524178, 85.09097, 132.5524, 180.09572, 223.86336, 78.162766, 37.55343, 88.92561, 38.451633, 79.35598,
      121.83381, 146.17006, 210.15353, 132.57344, 60.627136, 138.43124, 150.92567, 186.78003, 228.86655,
      41.366634, 103.509735, 127.52761, 86.4074, 149.97163, 143.75, 90.82438, 39.816116, 96.864204, 175.79044,
      228.13338, 131.96909, 162.55069, 125.480385, 21.56147, 88.771355, 150.05653, 137.57211, 23.813114,
      74.95241, 124.61064, 139.71274, 209.3216, 99.08506, 45.13727, 126.01599, 213.79558, 137.35931, 58.70462,
      141.04205, 226.58372, 175.2441, 64.542046, 75.31912, 79.01668, 136.20454, 222.89822, 137.51627,
      137.4705, 140.29037, 61.938293, 142.60863, 196.42746, 200.72633, 53.571182, 133.93861, 198.2058,
      186.71448, 138.84183, 139.22607, 139.61032, 91.73766, 80.246346, 144.51352, 224.88097, 123.675026,
      207.64217, 205.33566, 89.22472, 202.28047, 140.08415, 77.88785, 190.94359, 74.832634, 72.526146,
      156.49329,
    ],
  ],
  [
    16,
    5,
    [
      118.21535, 131.42795, 116.92856, 110.449554, 147.82495, 123.26886, 121.288086, 140.63367, 121.13508,
      133.91139, 145.77115, 136.30797, 128.41353, 133.30434, 108.87547, 126.540794, 142.47368, 133.27039,
      125.991165, 106.775536, 134.92929, 131.82306, 143.1165, 123.373055, 116.60306,
    ],
  ],
])("bicubic, %i to %i: Pillow 9.4, mode F", (from, to, golden) => {
  expect(square(bicubic, from, to)).toEqual(Float32Array.from(golden));
});
