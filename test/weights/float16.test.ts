import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toFloat16 } from "../../src/weights/float16.ts";
import { toFloat32 } from "../../src/weights/safetensors.ts";

const there = (...values: number[]) => [...toFloat16(Float32Array.from(values))];
const back = (bits: Uint16Array) => toFloat32({ dtype: "F16", shape: [bits.length], data: bits });

describe("half precision", () => {
  test("every finite half and infinity comes back as it was", () => {
    const bits = Uint16Array.from({ length: 2 ** 16 }, (_, i) => i).filter(
      (half) => (half & 0x7fff) <= 0x7c00,
    );
    expect(toFloat16(back(bits))).toEqual(bits);
  });

  test("a value becomes the nearest half", () => {
    fc.assert(
      fc.property(fc.float({ min: -65504, max: 65504, noNaN: true }), (value) => {
        const [half] = there(value);
        // The neighbours of a finite half are the bits above and below it.
        const near = [half - 1, half, half + 1].filter((bits) => (bits & 0x7fff) <= 0x7bff && bits >= 0);
        const errors = [...back(Uint16Array.from(near))].map((other) => Math.abs(other - value));
        expect(Math.abs(back(Uint16Array.of(half))[0] - value)).toBe(Math.min(...errors));
      }),
    );
  });

  test("ties go to the even half, large numbers to infinity, what is no number stays none", () => {
    expect(there(1 + 2 ** -11, 1 + 3 * 2 ** -11)).toEqual([0x3c00, 0x3c02]);
    expect(there(2 ** -25, 3 * 2 ** -25)).toEqual([0, 2]);
    expect(there(65519, 65520, 1e30, -1e30)).toEqual([0x7bff, 0x7c00, 0x7c00, 0xfc00]);
    expect(there(Number.NaN)).toEqual([0x7e00]);
  });
});
