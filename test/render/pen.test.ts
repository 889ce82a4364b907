import { expect, test } from "vitest";
import { penStrokes } from "../../src/render/pen.ts";

const across = { x: [0, 200], y: [0, 0] };
const dot = { x: [100], y: [0] };

test("the pen draws one stroke after the other, the longer ones longer", () => {
  const half = { x: [0, 100], y: [0, 0] };
  const [first, second, third] = penStrokes({ strokes: [across, half, dot] }, 256);
  expect(first.from).toBe(0);
  expect(first.takes).toBeCloseTo(2 * second.takes);
  expect(second.from).toBeGreaterThan(first.from + first.takes);
  expect(third.from).toBeGreaterThan(second.from + second.takes);
  expect(third.takes).toBeGreaterThan(0);
  expect(first.path).toBe("M0 0l200 0");
});

test("as long for a small picture as for a large one", () => {
  const [small] = penStrokes({ strokes: [{ x: [0, 50], y: [0, 0] }] }, 64);
  const [large] = penStrokes({ strokes: [{ x: [0, 400], y: [0, 0] }] }, 512);
  expect(small.takes).toBeCloseTo(large.takes);
});
