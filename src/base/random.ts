/**
 * Counter-based random numbers: Philox 4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
 * A stream is named by a seed and a path such as (epoch, index); streams are independent of each other and of
 * the order in which they are drawn from, so nothing but the name needs to be saved to continue.
 */
export interface RandomStream {
  /** Uniform integer in 0 .. 2^32 - 1. */
  uint32(): number;
  /** Uniform in [0, 1), 24 bits, exact in float32. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
}

/** What streams are used for: the first number of a stream's path. */
export const streams = {
  initialization: 0,
  /** (epoch): the order of the drawings. */
  order: 1,
  /** (step): choices for a whole batch. */
  batch: 2,
  /** (step, place in the batch): augmentation, time step, noise. */
  example: 3,
  /** (category, index): the noise a generated drawing starts from, and fresh noise on its way. */
  drawing: 4,
  /** (category, index): drawings made by a procedure. */
  synthetic: 5,
  /** (repetition): random subsets that a measure is taken of. */
  metrics: 6,
  /** (category, index): the code that a drawing is decoded from. */
  code: 7,
} as const;

const ROUNDS = 10;
const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;

/** High 32 bits of the product of two unsigned 32-bit integers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) >>> 0;
}

/** One Philox block: writes four words made from the 128-bit counter and the 64-bit key into `block`. */
export function philox(counter: Uint32Array, key: Uint32Array, block: Uint32Array): void {
  let c0 = counter[0] ?? 0;
  let c1 = counter[1] ?? 0;
  let c2 = counter[2] ?? 0;
  let c3 = counter[3] ?? 0;
  let k0 = key[0] ?? 0;
  let k1 = key[1] ?? 0;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low0 = Math.imul(MULTIPLIER_0, c0) >>> 0;
    const low1 = Math.imul(MULTIPLIER_1, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  block[0] = c0;
  block[1] = c1;
  block[2] = c2;
  block[3] = c3;
}

/**
 * The random stream named by `seed` (an integer, 0 .. 2^53 - 1) and up to three numbers of a path
 * (integers, 0 .. 2^32 - 1); throws a RangeError for anything else.
 */
export function randomStream(seed: number, ...path: number[]): RandomStream {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new RangeError(`seed must be an integer >= 0, found ${seed}`);
  if (path.length > 3)
    throw new RangeError(`a random stream's path has at most 3 numbers, found ${path.length}`);
  for (const part of path) {
    if (part >>> 0 !== part) {
      throw new RangeError(`a random stream's path has integers in 0 .. 2^32 - 1, found ${part}`);
    }
  }
  const key = Uint32Array.of(seed >>> 0, Math.floor(seed / 2 ** 32));
  const counter = new Uint32Array(4);
  counter.set(path, 1);
  const block = new Uint32Array(4);
  let blocks = 0;
  let used = 4;
  let spare: number | undefined;

  function uint32(): number {
    if (used === 4) {
      counter[0] = blocks++;
      philox(counter, key, block);
      used = 0;
    }
    return block[used++] ?? 0;
  }
  const uniform = () => (uint32() >>> 8) / 2 ** 24;
  /** Box and Muller 1958. */
  function normal(): number {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log((uint32() + 1) / 2 ** 32));
    const angle = (2 * Math.PI * uint32()) / 2 ** 32;
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
  return { uint32, uniform, normal };
}

/** A random permutation of 0 .. n - 1 (Fisher and Yates). */
export function permutation(n: number, stream: RandomStream): Uint32Array {
  if (n >>> 0 !== n) throw new RangeError(`permutation: n: expected an integer in 0 .. 2^32 - 1, found ${n}`);
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor((stream.uint32() / 2 ** 32) * (i + 1));
    const taken = order[j] ?? 0;
    order[j] = order[i] ?? 0;
    order[i] = taken;
  }
  return order;
}
