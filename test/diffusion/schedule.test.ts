import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addNoise, cosineSchedule, timeSteps } from "../../src/diffusion/schedule.ts";

/** Nichol and Dhariwal 2021, eq. 17, in float64. */
const closedForm = (t: number, steps: number): number => {
  const f = (u: number) => Math.cos((((u + 0.008) / 1.008) * Math.PI) / 2) ** 2;
  return f((t + 1) / steps) / f(0);
};

const lengths = fc.integer({ min: 2, max: 1500 });

describe("cosine schedule", () => {
  test("is the closed form, rounded to float32", () => {
    fc.assert(
      fc.property(lengths, (steps) => {
        const { alphaBars } = cosineSchedule(steps);
        expect(alphaBars.length).toBe(steps);
        for (const [t, alphaBar] of alphaBars.entries())
          expect(alphaBar).toBeCloseTo(closedForm(t, steps), 6);
      }),
      { numRuns: 20 },
    );
  });

  test("falls from nearly 1 to nearly 0 at every step", () => {
    fc.assert(
      fc.property(lengths, (steps) => {
        const { alphaBars } = cosineSchedule(steps);
        expect(alphaBars.filter((value, t) => t > 0 && value >= alphaBars[t - 1])).toEqual(
          new Float64Array(),
        );
        expect(alphaBars[0]).toBeLessThan(1);
        expect(alphaBars[steps - 1]).toBeLessThan(1e-6);
        expect(alphaBars[steps - 1]).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 20 },
    );
  });

  test("betas lie in 0 .. 0.999, and what they leave multiplies to alpha bar until they are cut", () => {
    const { alphaBars, betas } = cosineSchedule(1000);
    let product = 1;
    for (const [t, beta] of betas.entries()) {
      expect(beta).toBeGreaterThanOrEqual(0);
      expect(beta).toBeLessThanOrEqual(0.999);
      product *= 1 - beta;
      if (beta < 0.999) expect(product / alphaBars[t]).toBeCloseTo(1, 3);
    }
    expect(betas[999]).toBe(0.999);
  });
});

test("time steps are diffusers' trailing ones where their number divides the schedule's, and end at 0", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }), (steps, ratio) => {
      // arange(T, 0, -T / n) - 1.
      const trailing = Array.from({ length: steps }, (_, i) => (steps - i) * ratio - 1);
      expect(timeSteps(steps * ratio, steps)).toEqual([...trailing, 0]);
    }),
  );
});

test("noise added to unit-variance drawings keeps their variance, in the schedule's shares", () => {
  const values = fc.float({ noNaN: true, min: -4, max: 4 });
  fc.assert(
    fc.property(values, values, fc.double({ min: 0, max: 1, noNaN: true }), (x0, epsilon, alphaBar) => {
      const noisy = new Float32Array(1);
      addNoise(Float32Array.of(x0), Float32Array.of(epsilon), alphaBar, noisy);
      expect(noisy[0]).toBeCloseTo(Math.sqrt(alphaBar) * x0 + Math.sqrt(1 - alphaBar) * epsilon, 5);
    }),
  );
});
