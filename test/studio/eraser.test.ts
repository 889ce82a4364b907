import fc from "fast-check";
import { expect, it } from "vitest";
import { erases } from "../../studio/src/eraser.ts";

const line = (...points: readonly (readonly [number, number])[]) => ({
  x: points.map(([x]) => x),
  y: points.map(([, y]) => y),
});

it("erases what its path crosses or comes within 5 pixels of", () => {
  const stroke = line([0, 100], [200, 100]);
  expect(erases(line([100, 0], [100, 200]), stroke)).toBe(true);
  expect(erases(line([50, 95]), stroke)).toBe(true);
  expect(erases(line([50, 94]), stroke)).toBe(false);
  expect(erases(line([206, 100], [300, 100]), stroke)).toBe(false);
  expect(erases(line([205, 100], [300, 100]), stroke)).toBe(true);
  expect(erases(line([0, 106], [200, 106]), stroke)).toBe(false);
});

it("erases dots, and with a dot", () => {
  expect(erases(line([10, 10]), line([13, 14]))).toBe(true);
  expect(erases(line([10, 10]), line([14, 14]))).toBe(false);
  expect(erases(line([0, 0], [20, 0]), line([10, 5]))).toBe(true);
});

it("erases the same whichever is the path, and wherever both lie", () => {
  const points = fc.array(fc.tuple(fc.integer({ max: 256, min: 0 }), fc.integer({ max: 256, min: 0 })), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(points, points, fc.integer({ max: 100, min: -100 }), (one, other, by) => {
      const moved = (all: typeof one) => line(...all.map(([x, y]) => [x + by, y - by] as const));
      const said = erases(line(...one), line(...other));
      expect(erases(line(...other), line(...one))).toBe(said);
      expect(erases(moved(one), moved(other))).toBe(said);
    }),
  );
});
