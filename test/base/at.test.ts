import { expect, it } from "vitest";
import { at, atKey } from "../../src/base/at.ts";

it("gives what is there, also what is falsy", () => {
  expect(at([0, ""], 0)).toBe(0);
  expect(at([0, ""], 1)).toBe("");
  expect(at(Float32Array.of(0.5), 0)).toBe(0.5);
});

it("says which index is beyond how many", () => {
  expect(() => at([1, 2], 2)).toThrow(new RangeError("expected an index below 2, found 2"));
  expect(() => at(new Float32Array(3), -1)).toThrow("found -1");
});

it("finds by key too, and says which key is missing", () => {
  expect(atKey({ loss: 0 }, "loss")).toBe(0);
  expect(() => atKey({ loss: 0 }, "pen")).toThrow(
    new RangeError('expected a value called "pen", found none'),
  );
});
