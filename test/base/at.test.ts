import { expect, it } from "vitest";
import { at } from "../../src/base/at.ts";

it("gives what is there, also what is falsy", () => {
  expect(at([0, ""], 0)).toBe(0);
  expect(at([0, ""], 1)).toBe("");
  expect(at(Float32Array.of(0.5), 0)).toBe(0.5);
});

it("says which index is beyond how many", () => {
  expect(() => at([1, 2], 2)).toThrow(new RangeError("expected an index below 2, found 2"));
  expect(() => at(new Float32Array(3), -1)).toThrow("found -1");
});
