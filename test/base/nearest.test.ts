import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { didYouMean, editDistance, nearest } from "../../src/base/nearest.ts";

describe("the edit distance", () => {
  it.each([
    ["", "", 0],
    ["", "cat", 3],
    ["cat", "cat", 0],
    ["cat", "cut", 1],
    ["cat", "cats", 1],
    ["cat", "at", 1],
    ["ab", "ba", 2],
    ["kitten", "sitting", 3],
    ["çizgi", "cizgi", 1],
  ])("of %j and %j is %i", (a, b, distance) => expect(editDistance(a, b)).toBe(distance));

  it("is a metric", () => {
    const word = fc.string({ maxLength: 8, unit: fc.constantFrom("a", "b", "c") });
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(editDistance(a, c) + editDistance(c, b));
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
  });
});

describe("the nearest name", () => {
  const names = ["cat", "bus", "rabbit", "wine bottle", "wine glass", "Batch Size"];

  it.each([
    ["cat", "cat"],
    ["CAT", "cat"],
    ["rabit", "rabbit"],
    ["wine botle", "wine bottle"],
    ["wineglass", "wine glass"],
    ["batch size", "Batch Size"],
    ["vine clas", "wine glass"],
    ["elephant", undefined],
    ["xyz", undefined],
  ])("to %j is %j", (name, found) => expect(nearest(name, names)).toBe(found));

  it("is the first of equals, and none of nothing", () => {
    expect(nearest("aa", ["ab", "ba"])).toBe("ab");
    expect(nearest("cat", [])).toBeUndefined();
  });

  it("ends a message", () => {
    expect(`No "rabit".${didYouMean("rabit", names)}`).toBe('No "rabit". Did you mean "rabbit"?');
    expect(`No "xyz".${didYouMean("xyz", names)}`).toBe('No "xyz".');
  });
});
