import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { UserError } from "../../src/base/errors.ts";
import { isForTesting, keyHash } from "../../src/data/key-hash.ts";
import { pythonRandom } from "../../src/data/mersenne-twister.ts";
import { parseSplit, splitLines, splitSizes } from "../../src/data/split.ts";

describe("Python's random numbers", () => {
  // python3 -c "import random; r = random.Random(S); print([r.getrandbits(32) for _ in range(3)], ...)"
  it.each([
    [42, [2746317213, 478163327, 107420369], [1, 8, 525901256], [0, 0, 2, 1, 692, 373399426, 2536146025]],
    [0, [3626764237, 1654615998, 3255389356], [1, 13, 86939546], [0, 1, 1, 4, 991, 2046968324, 1537810351]],
    [
      2 ** 32 - 1,
      [2728839433, 2661025012, 872737089],
      [0, 19, 1121840874],
      [0, 1, 1, 4, 363, 2135565362, 1762836277],
    ],
    [
      2 ** 32,
      [485306839, 1508871100, 1794561286],
      [1, 0, 49009542],
      [0, 1, 0, 2, 77, 1860411164, 2152139213],
    ],
    [
      2 ** 53 - 1,
      [404802386, 2407860725, 957238923],
      [1, 6, 1966217799],
      [0, 0, 0, 0, 492, 1924795362, 149947005],
    ],
  ])("are CPython's for seed %d", (seed, words, bits, below) => {
    const random = pythonRandom(seed);
    expect(words.map(() => random.getrandbits(32))).toEqual(words);
    expect([1, 5, 31].map((k) => random.getrandbits(k))).toEqual(bits);
    expect([1, 2, 3, 10, 1000, 2 ** 31, 2 ** 32 - 1].map((n) => random.randbelow(n))).toEqual(below);
  });

  it("go on beyond their first 624 words", () => {
    const random = pythonRandom(42);
    const words = Array.from({ length: 2000 }, () => random.getrandbits(32));
    expect([words[624], words[1999]]).toEqual([1071722055, 1557724698]);
    expect(words.reduce((sum, word) => (sum + word) % 2 ** 32, 0)).toBe(3709356248);
  });

  it("shuffle as CPython does", () => {
    const items = Array.from({ length: 20 }, (_, i) => i);
    pythonRandom(42).shuffle(items);
    expect(items).toEqual([19, 5, 14, 4, 9, 13, 15, 18, 6, 12, 17, 10, 1, 11, 2, 16, 7, 8, 0, 3]);
  });

  it("refuse a seed that is no integer", () => {
    expect(() => pythonRandom(0.5)).toThrow(RangeError);
    expect(() => pythonRandom(-1)).toThrow(RangeError);
  });
});

describe("splitLines", () => {
  it("takes the default sizes from the total", () => {
    expect(splitSizes(123_202)).toEqual({ train: 10_000, test: 2_000 });
    expect(splitSizes(12_000)).toEqual({ train: 10_000, test: 2_000 });
    expect(splitSizes(657)).toEqual({ train: 548, test: 109 });
    expect(splitSizes(5)).toEqual({ train: 5, test: 0 });
  });

  it("gives sorted lines, none of them twice", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(300), { minLength: 1, maxLength: 3 }), fc.nat(), (totals, seed) => {
        const splits = splitLines(
          totals.map((total, i) => ({ category: String(i), total })),
          seed,
        );
        totals.forEach((total, i) => {
          const { train, test } = splits.get(String(i)) ?? { train: [], test: [] };
          expect([train.length, test.length]).toEqual([splitSizes(total).train, splitSizes(total).test]);
          expect(train).toEqual(train.toSorted((a, b) => a - b));
          expect(test).toEqual(test.toSorted((a, b) => a - b));
          expect(new Set([...train, ...test]).size).toBe(total);
        });
      }),
    );
  });

  it("lets one generator go on through the categories", () => {
    const alone = splitLines([{ category: "bus", total: 60 }]).get("bus");
    const second = splitLines([
      { category: "cat", total: 60 },
      { category: "bus", total: 60 },
    ]);
    expect(second.get("cat")).toEqual(alone);
    expect(second.get("bus")).not.toEqual(alone);
  });

  it("refuses to take more than there is", () => {
    expect(() => splitLines([{ category: "cat", total: 10, train: 9, test: 2 }])).toThrow(
      /cat: cannot take 9/,
    );
  });
});

describe("parseSplit", () => {
  it("reads what JSON.stringify wrote", () => {
    const split = { train: [0, 3], test: [1] };
    expect(parseSplit(JSON.stringify(split), "indices.json")).toEqual(split);
  });

  it.each([
    ["{", /indices\.json: not a split/],
    ['{"train": [1]}', /test/],
    ['{"train": [1.5], "test": []}', /train/],
    ['{"train": [-1], "test": []}', /train/],
    ['{"train": [1], "test": [1]}', /line 1 is in it twice/],
    ['{"train": [], "test": [], "valid": []}', /valid/],
  ])("refuses %s", (text, message) => {
    expect(() => parseSplit(text, "indices.json")).toThrow(UserError);
    expect(() => parseSplit(text, "indices.json")).toThrow(message);
  });
});

describe("the split by key", () => {
  const sketch = { strokes: [{ x: [0, 255], y: [7, 9] }] };

  it("is a documented hash", () => {
    // python3: int.from_bytes(sha256(KEY.encode()).digest()[:4], "big") / 2**32
    expect(keyHash({ ...sketch, keyId: "5892837121982464" })).toBe(0.6823455814737827);
    expect(keyHash(sketch)).toBe(0.3713364282157272);
  });

  it("does not depend on labels or times, where there is no key", () => {
    const timed = { word: "cat", recognized: true, strokes: [{ ...sketch.strokes[0], t: [0, 80] }] };
    expect(keyHash(timed)).toBe(keyHash(sketch));
  });

  it("takes about the fraction asked for, and grows with it", () => {
    const keys = Array.from({ length: 3000 }, (_, i) => ({ ...sketch, keyId: String(4.5e15 + i * 65536) }));
    const few = keys.filter((drawing) => isForTesting(drawing, 0.1));
    expect(few.length / 3000).toBeCloseTo(0.1, 1);
    expect(few.every((drawing) => isForTesting(drawing, 0.2))).toBe(true);
    expect(keys.filter((drawing) => isForTesting(drawing, 0))).toEqual([]);
    expect(keys.filter((drawing) => isForTesting(drawing, 1))).toHaveLength(3000);
  });
});

const golden = new URL("../../../shared/golden/split_seed42.json", import.meta.url);
if (!existsSync(golden)) console.warn("skipped: the seed's split (../shared/golden is missing)");

it.skipIf(!existsSync(golden))("the seed's split is reproduced exactly", () => {
  const lines = z.array(z.int());
  const schema = z.record(z.string(), z.object({ total: z.int(), train: lines, test: lines }));
  const expected = schema.parse(JSON.parse(readFileSync(golden, "utf8")));
  const requests = Object.entries(expected).map(([category, { total, train, test }]) => ({
    category,
    total,
    train: train.length,
    test: test.length,
  }));
  expect(requests.map(({ category }) => category)).toEqual(["cat", "bus", "rabbit"]);
  const splits = splitLines(requests, 42);
  for (const [category, { train, test }] of Object.entries(expected))
    expect(splits.get(category)).toEqual({ train, test });
});
