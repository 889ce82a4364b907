import { describe, expect, test } from "vitest";
import { type DdimOptions, ddim } from "../../src/diffusion/ddim.ts";
import type { Predict } from "../../src/diffusion/estimate.ts";
import { predictions } from "../../src/diffusion/parameterisation.ts";
import { timeSteps } from "../../src/diffusion/schedule.ts";
import { alphaBars, best, bestPrediction, flowOf, normals, unlimited, worst } from "./normal-data.ts";

async function last(predict: Predict, noise: Float32Array, options: DdimOptions): Promise<Float32Array> {
  let x = noise;
  for await (const state of ddim(predict, noise, options)) x = state.x;
  return x;
}

function moments(values: Float32Array): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(square) };
}

describe("time steps", () => {
  test("are the integers of linspace from the last step to 0", () => {
    expect(timeSteps(1000, 1)).toEqual([999, 0]);
    expect(timeSteps(1000, 2)).toEqual([999, 499, 0]);
    expect(timeSteps(1000, 999)).toEqual(Array.from({ length: 1000 }, (_, i) => 999 - i));
    for (let steps = 1; steps < 1000; steps++) {
      const times = timeSteps(1000, steps);
      expect(times.length).toBe(steps + 1);
      expect(times.filter((time, i) => i > 0 && time >= times[i - 1])).toEqual([]);
      expect([times[0], times[steps]]).toEqual([999, 0]);
    }
  });

  test("whole numbers are met, not missed by a rounding", () => {
    expect(timeSteps(1000, 37)).toEqual(Array.from({ length: 38 }, (_, i) => 999 - 27 * i));
  });
});

describe("on normal data, whose best prediction is known", () => {
  const [mean, deviation] = [1.5, 0.4];
  test.each(predictions)("DDIM follows the probability flow, nearer with more steps: %s", async (type) => {
    const noise = normals(200);
    const errors: number[] = [];
    for (const steps of [25, 100, 400]) {
      const options = { ...unlimited, predictionType: type, times: timeSteps(1000, steps) };
      errors.push(
        worst(await last(best(mean, deviation, type), noise, options), flowOf(mean, deviation, noise)),
      );
    }
    expect(errors[1]).toBeLessThan(errors[0] / 2);
    expect(errors[2]).toBeLessThan(errors[1] / 2);
    expect(errors[2]).toBeLessThan(0.01);
  });

  test.each([0, 0.5, 1])("mean and deviation are the data's with eta %f", async (eta) => {
    const count = 20_000;
    let round = 1;
    const freshNoise = () => normals(count, round++);
    const options = { ...unlimited, times: timeSteps(1000, 200), eta, freshNoise };
    const drawn = moments(await last(best(mean, deviation), normals(count), options));
    // Four standard errors, and a hundredth for the steps.
    expect(Math.abs(drawn.mean - mean)).toBeLessThan((4 * deviation) / Math.sqrt(count) + 0.01);
    expect(Math.abs(drawn.deviation - deviation)).toBeLessThan((4 * deviation) / Math.sqrt(2 * count) + 0.01);
  });

  test("guidance moves the mean from the unconditional one through the conditional one", async () => {
    const [conditional, unconditional] = [1, 0.25];
    const both: Predict = async (x, t) => ({
      conditional: bestPrediction(conditional, deviation, "v", x, t),
      unconditional: bestPrediction(unconditional, deviation, "v", x, t),
    });
    const options = { ...unlimited, predictionType: "v", times: timeSteps(1000, 60) } as const;
    const noise = normals(500);
    for (const guidance of [0, 1, 2.5]) {
      const guided = await last(both, noise, { ...options, guidance });
      const target = unconditional + guidance * (conditional - unconditional);
      const direct = await last(best(target, deviation, "v"), noise, options);
      expect(worst(guided, direct)).toBeLessThan(1e-4);
    }
  });
});

test("without guidance the conditional half is all that is asked, and taken as it is", async () => {
  const [noise, prediction] = [normals(8), normals(8, 1)];
  const predict: Predict = async () => ({ conditional: { prediction } });
  const options = { ...unlimited, alphaBars: Float64Array.of(0.81, 0.36), times: [1, 0] };
  const states = [];
  for await (const state of ddim(predict, noise, options)) states.push(state);
  const x0 = noise.map((x, i) => (x - 0.8 * prediction[i]) / 0.6);
  expect(states.length).toBe(1);
  for (const [i, value] of x0.entries()) {
    expect(states[0].x0[i]).toBeCloseTo(value, 5);
    expect(states[0].x[i]).toBeCloseTo(0.9 * value + Math.sqrt(0.19) * prediction[i], 5);
  }
});

test("predicted drawings are cut to the clamp; pen logits are those of the last conditional answer", async () => {
  const predict: Predict = async (x, t) => ({
    conditional: { prediction: x.map(() => 50), penLogits: Float32Array.of(t) },
    unconditional: { prediction: x.map(() => 0), penLogits: Float32Array.of(-1) },
  });
  const states = [];
  const options = { alphaBars, predictionType: "noise", times: timeSteps(1000, 4), guidance: 3 } as const;
  for await (const state of ddim(predict, normals(6), options)) states.push(state);
  expect(states.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
  for (const { x0 } of states) expect(Math.max(...x0.map(Math.abs))).toBeLessThanOrEqual(4);
  expect(states.map(({ penLogits }) => penLogits?.[0])).toEqual(timeSteps(1000, 4).slice(0, 4));
});

test("fresh noise that nobody gives is an error", async () => {
  const options = { ...unlimited, times: timeSteps(1000, 3), eta: 1 };
  await expect(last(best(0, 1), normals(2), options)).rejects.toThrow("freshNoise");
});
