import { at } from "../base/at.ts";

/**
 * Python's random numbers: MT19937 (Matsumoto and Nishimura 1998, with their init_by_array of 2002) and what
 * CPython's `random` module derives from it, bit for bit.
 */
export interface PythonRandom {
  /** `random.getrandbits(k)`: uniform in 0 .. 2^k - 1, for k in 1 .. 32. */
  getrandbits(k: number): number;
  /** `random._randbelow(n)`: uniform in 0 .. n - 1, for n in 1 .. 2^32 - 1. */
  randbelow(n: number): number;
  /** `random.shuffle(items)`, in place. */
  shuffle<T>(items: T[]): void;
}

const N = 624;
const M = 397;

function initGenrand(state: Uint32Array, seed: number): void {
  state[0] = seed;
  for (let i = 1; i < N; i++) {
    const previous = state[i - 1] ?? 0;
    state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
  }
}

function initByArray(state: Uint32Array, key: readonly number[]): void {
  initGenrand(state, 19650218);
  let i = 1;
  let j = 0;
  const mixed = (factor: number) => {
    const previous = state[i - 1] ?? 0;
    return (state[i] ?? 0) ^ Math.imul(previous ^ (previous >>> 30), factor);
  };
  const advance = () => {
    if (++i < N) return;
    state[0] = state[N - 1] ?? 0;
    i = 1;
  };
  for (let k = Math.max(N, key.length); k > 0; k--) {
    state[i] = mixed(1664525) + at(key, j) + j;
    advance();
    j = (j + 1) % key.length;
  }
  for (let k = N - 1; k > 0; k--) {
    state[i] = mixed(1566083941) - i;
    advance();
  }
  state[0] = 0x80000000;
}

/** The next 624 words of the sequence. */
function twist(state: Uint32Array): void {
  for (let i = 0; i < N; i++) {
    const y = ((state[i] ?? 0) & 0x80000000) | ((state[(i + 1) % N] ?? 0) & 0x7fffffff);
    state[i] = (state[(i + M) % N] ?? 0) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
  }
}

function temper(word: number): number {
  let y = word;
  y ^= y >>> 11;
  y ^= (y << 7) & 0x9d2c5680;
  y ^= (y << 15) & 0xefc60000;
  return (y ^ (y >>> 18)) >>> 0;
}

/** The generator after `random.seed(seed)`, for an integer seed 0 .. 2^53 - 1. */
export function pythonRandom(seed: number): PythonRandom {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new RangeError(`seed must be an integer from 0 to 2^53 - 1, found ${seed}`);
  const state = new Uint32Array(N);
  const high = Math.floor(seed / 2 ** 32);
  initByArray(state, high > 0 ? [seed >>> 0, high] : [seed]);
  let used = N;

  function getrandbits(k: number): number {
    if (used === N) {
      twist(state);
      used = 0;
    }
    return temper(state[used++] ?? 0) >>> (32 - k);
  }
  function randbelow(n: number): number {
    const bits = 32 - Math.clz32(n);
    let value = getrandbits(bits);
    while (value >= n) value = getrandbits(bits);
    return value;
  }
  function shuffle<T>(items: T[]): void {
    for (let i = items.length - 1; i > 0; i--) {
      const j = randbelow(i + 1);
      const last = at(items, i);
      items[i] = at(items, j);
      items[j] = last;
    }
  }
  return { getrandbits, randbelow, shuffle };
}
