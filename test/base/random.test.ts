import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { permutation, philox, type RandomStream, randomStream } from "../../src/base/random.ts";

const hex = (block: Uint32Array) => [...block].map((word) => word.toString(16).padStart(8, "0")).join(" ");

describe("Philox 4x32-10", () => {
  // The known answers that Random123 publishes (Salmon et al. 2011): zeros, ones, and the digits of pi.
  it.each([
    ["zeros", [0, 0, 0, 0], [0, 0], "6627e8d5 e169c58d bc57ac4c 9b00dbd8"],
    [
      "ones",
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      "408f276d 41c83b0e a20bc7c6 6d5451fd",
    ],
    [
      "pi",
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      "d16cfe09 94fdcceb 5001e420 24126ea1",
    ],
  ])("gives the published block for %s", (_, counter, key, expected) => {
    const block = new Uint32Array(4);
    philox(Uint32Array.from(counter), Uint32Array.from(key), block);
    expect(hex(block)).toBe(expected);
  });
});

const take = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);
const words = (stream: RandomStream, count = 8) => take(count, stream.uint32);

describe("random streams", () => {
  const paths = fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { maxLength: 3 });
  const seeds = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

  it("run through the blocks of one counter, the path beside it", () => {
    const stream = randomStream(2 ** 32 * 5 + 7, 1, 2, 3);
    const block = new Uint32Array(4);
    for (const counter of [0, 1, 2]) {
      philox(Uint32Array.of(counter, 1, 2, 3), Uint32Array.of(7, 5), block);
      expect(words(stream, 4)).toEqual([...block]);
    }
  });

  it("are the same for the same name, whatever was drawn from others", () => {
    fc.assert(
      fc.property(seeds, paths, (seed, path) => {
        const expected = words(randomStream(seed, ...path));
        const stream = randomStream(seed, ...path);
        const other = randomStream(seed, 99);
        const interleaved = take(8, () => {
          other.normal();
          return stream.uint32();
        });
        expect(interleaved).toEqual(expected);
      }),
    );
  });

  it("differ when seed or path do", () => {
    const names = [[0], [1], [2 ** 32], [0, 1], [0, 0, 1], [0, 0, 0, 1], [1, 1], [0, 1, 1], [2 ** 32, 1]];
    const starts = names.map(([seed, ...path]) => words(randomStream(seed, ...path), 4).join(" "));
    expect(new Set(starts).size).toBe(names.length);
  });

  it("of neighbouring names are not correlated", () => {
    const count = 4000;
    const columns = [0, 1, 2].map((index) => take(count, randomStream(1, 4, index).uniform));
    for (const [i, j] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ]) {
      const covariance = columns[i].reduce((sum, x, k) => sum + (x - 0.5) * (columns[j][k] - 0.5), 0) / count;
      // Four standard errors: the product of two such deviations has the deviation 1/12.
      expect(Math.abs(covariance)).toBeLessThan(4 / 12 / Math.sqrt(count));
    }
  });

  it("refuse what does not name a stream", () => {
    expect(() => randomStream(-1)).toThrow(new RangeError("seed must be an integer >= 0, found -1"));
    expect(() => randomStream(0.5)).toThrow("seed must be an integer >= 0, found 0.5");
    expect(() => randomStream(2 ** 53)).toThrow("found 9007199254740992");
    expect(() => randomStream(0, 1, 2, 3, 4)).toThrow(
      "a random stream's path has at most 3 numbers, found 4",
    );
    for (const number of [-1, 0.5, 2 ** 32, Number.NaN]) {
      expect(() => randomStream(0, 1, number)).toThrow(
        new RangeError(`a random stream's path has integers in 0 .. 2^32 - 1, found ${number}`),
      );
    }
  });
});

describe("distributions", () => {
  const COUNT = 40_000;
  const momentsOf = (values: number[]) =>
    [1, 2, 3, 4].map((power) => values.reduce((sum, x) => sum + x ** power, 0) / values.length);

  it("uniform lies in [0, 1), is exact in float32 and has the moments 1 / (n + 1)", () => {
    const values = take(COUNT, randomStream(3).uniform);
    expect(values.every((value) => value >= 0 && value < 1 && Math.fround(value) === value)).toBe(true);
    for (const [i, moment] of momentsOf(values).entries()) {
      expect(Math.abs(moment - 1 / (i + 2))).toBeLessThan(4 * 0.3 * COUNT ** -0.5);
    }
  });

  it("uniform fills sixteen bins alike", () => {
    const bins = new Array<number>(16).fill(0);
    for (const value of take(COUNT, randomStream(4).uniform)) bins[Math.floor(value * 16)]++;
    const expected = COUNT / 16;
    const chiSquared = bins.reduce((sum, found) => sum + (found - expected) ** 2 / expected, 0);
    // 99.99 % of draws with 15 degrees of freedom.
    expect(chiSquared).toBeLessThan(44.3);
  });

  it("normal has the moments 0, 1, 0, 3", () => {
    const moments = momentsOf(take(COUNT, randomStream(5).normal));
    // Variances of x, x², x³, x⁴ are 1, 2, 15, 96.
    for (const [i, [expected, variance]] of [
      [0, 1],
      [1, 2],
      [0, 15],
      [3, 96],
    ].entries()) {
      expect(Math.abs(moments[i] - expected)).toBeLessThan(4 * Math.sqrt(variance / COUNT));
    }
  });

  it("normal draws are not correlated with the ones before", () => {
    const values = take(COUNT, randomStream(6).normal);
    const covariance = values.slice(1).reduce((sum, x, i) => sum + x * values[i], 0) / COUNT;
    expect(Math.abs(covariance)).toBeLessThan(4 / Math.sqrt(COUNT));
  });
});

describe("permutations", () => {
  it("hold every number once", () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(), (n, seed) => {
        const order = permutation(n, randomStream(seed));
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      }),
    );
  });

  it("of three come in all six orders alike", () => {
    const stream = randomStream(8);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = permutation(3, stream).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    // Four standard deviations of a binomial of 6000 draws with p = 1/6.
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(4 * 29);
  });
});
