const word = new DataView(new ArrayBuffer(4));

/**
 * The bits of the nearest IEEE 754 half precision number of each value, ties to even; beyond 65,504 infinity.
 */
export function toFloat16(values: Float32Array): Uint16Array<ArrayBuffer> {
  return Uint16Array.from(values, (value) => {
    word.setFloat32(0, value);
    const bits = word.getUint32(0);
    const sign = (bits >>> 16) & 0x8000;
    const magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) return 0x7e00;
    // Halves have 13 bits less of mantissa and exponents smaller by 112; below 2^-14 their steps stay at 2^-24.
    if (magnitude >= 0x38800000) return sign | Math.min(roundBits(magnitude - (112 << 23), 13), 0x7c00);
    return sign | roundToEven(Math.abs(value) * 2 ** 24);
  });
}

/** `bits` without the lowest `count`, rounded to nearest, ties to even. */
const roundBits = (bits: number, count: number): number => roundToEven(bits / 2 ** count);

function roundToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}
