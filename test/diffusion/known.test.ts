import { describe, expect, test } from "vitest";
import { samplerNames, samplers } from "../../src/diffusion/samplers.ts";
import { alphaBars, best, normals, unlimited, worst } from "./normal-data.ts";

describe.each(samplerNames)("%s with a part known", (name) => {
  const known = { values: Float32Array.of(1.25, 9, -0.5, 9), mask: Uint8Array.of(1, 0, 1, 0) };
  const noise = normals(40);
  const predict = best(0.5, 0.7, "v");

  async function walk(part?: typeof known) {
    const times = samplers[name].times(1000, 12);
    const options = { ...unlimited, predictionType: "v", times, known: part } as const;
    const states: { x: Float32Array; x0: Float32Array }[] = [];
    for await (const { x, x0 } of samplers[name].walk(predict, noise, options)) states.push({ x, x0 });
    return states;
  }

  test("is on its way to it from the first step on, in every drawing, and ends there", async () => {
    const states = await walk(known);
    const { x } = states[states.length - 1];
    const spread = Math.sqrt(1 - alphaBars[0]);
    for (let i = 0; i < x.length; i += 2) {
      const value = known.values[i % 4];
      for (const { x0 } of states) expect(x0[i]).toBeCloseTo(value, 6);
      // All that is left is the noise of time step 0, the same from the beginning on.
      expect(Math.abs(x[i] - Math.sqrt(alphaBars[0]) * value - spread * noise[i])).toBeLessThan(1e-3);
    }
  });

  test("leaves what does not depend on it as it was", async () => {
    const [free, tied] = [await walk(), await walk(known)].map((states) => states[states.length - 1].x);
    const unknown = (x: Float32Array) => x.filter((_, i) => i % 2 === 1);
    expect(worst(unknown(free), unknown(tied))).toBe(0);
  });
});
