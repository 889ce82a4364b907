import { describe, expect, it } from "vitest";
import { type RandomStream, randomStream } from "../../src/base/random.ts";
import { augment } from "../../src/sketch/augment.ts";

/** A stream whose uniform numbers are these, in turn. */
function scripted(...values: number[]): RandomStream {
  const refuse = () => {
    throw new Error("only uniform numbers are scripted");
  };
  return { uint32: refuse, normal: refuse, uniform: () => values.shift() ?? refuse() };
}

const deltas = Float32Array.of(1, 2, -3, 0.5, 0, 0);

describe("augment", () => {
  it("mirrors dx alone", () => {
    expect([...augment(deltas, scripted(0.1, 0.9, 0.9))]).toEqual([-1, 2, 3, 0.5, -0, 0]);
  });

  it("leaves the drawing as it is when no chance falls", () => {
    expect([...augment(deltas, scripted(0.5, 0.3, 0.2))]).toEqual([...deltas]);
  });

  it("scales both axes within 0.85 .. 1.15", () => {
    expect([...augment(Float32Array.of(2, 4), scripted(0.9, 0.29, 0, 0.9))]).toEqual([
      ...Float32Array.of(1.7, 3.4),
    ]);
  });

  it("turns by at most 0.1 rad", () => {
    const [x, y] = augment(Float32Array.of(1, 0), scripted(0.9, 0.9, 0.1, 1));
    expect(Math.atan2(y, x)).toBeCloseTo(0.1, 6);
    expect(Math.hypot(x, y)).toBeCloseTo(1, 6);
  });

  it("mirrors half of the drawings, scales three of ten and turns one of five", () => {
    const count = 4000;
    let mirrored = 0;
    let scaled = 0;
    let turned = 0;
    for (let i = 0; i < count; i++) {
      const [x, y] = augment(Float32Array.of(1, 0), randomStream(1, i));
      if (x < 0) mirrored++;
      if (Math.abs(Math.hypot(x, y) - 1) > 1e-6) scaled++;
      if (y !== 0) turned++;
      expect(Math.hypot(x, y)).toBeGreaterThan(0.8499);
      expect(Math.hypot(x, y)).toBeLessThan(1.1501);
    }
    expect(mirrored / count).toBeCloseTo(0.5, 1);
    expect(scaled / count).toBeCloseTo(0.3, 1);
    expect(turned / count).toBeCloseTo(0.2, 1);
  });
});
