import { describe, expect, test } from "vitest";
import { randomStream } from "../../src/base/random.ts";
import { type DdimOptions, ddim, type Predict, timeSteps } from "../../src/diffusion/ddim.ts";
import { type PredictionType, predictions, predictionTarget } from "../../src/diffusion/parameterisation.ts";
import { cosineSchedule } from "../../src/diffusion/schedule.ts";

const { alphaBars } = cosineSchedule(1000);
const unlimited = { alphaBars, predictionType: "noise", guidance: 1, clamp: 1e6 } as const;

/**
 * The best prediction where the data are normal with this mean and deviation: x_t is then normal as well, with the mean
 * √ᾱ μ and the variance ᾱ σ² + 1 - ᾱ, of which the noise makes 1 - ᾱ.
 */
function bestPrediction(mean: number, deviation: number, type: PredictionType, x: Float32Array, t: number) {
  const alphaBar = alphaBars[t];
  const signal = Math.sqrt(alphaBar);
  const variance = alphaBar * deviation ** 2 + 1 - alphaBar;
  const noise = x.map((value) => (Math.sqrt(1 - alphaBar) * (value - signal * mean)) / variance);
  const drawing = x.map((value) => mean + (signal * deviation ** 2 * (value - signal * mean)) / variance);
  const prediction = new Float32Array(x.length);
  predictionTarget(type, drawing, noise, alphaBar, prediction);
  return { prediction };
}

const normals = (count: number, seed = 0): Float32Array => {
  const stream = randomStream(seed, 0);
  return Float32Array.from({ length: count }, () => stream.normal());
};

async function last(predict: Predict, noise: Float32Array, options: DdimOptions): Promise<Float32Array> {
  let x = noise;
  for await (const state of ddim(predict, noise, options)) x = state.x;
  return x;
}

const best =
  (mean: number, deviation: number, type: PredictionType = "noise"): Predict =>
  async (x, t) => ({ conditional: bestPrediction(mean, deviation, type, x, t) });

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
  /** Where the probability flow takes each x_T: it keeps how many deviations a value is from the mean. */
  const flow = (noise: Float32Array) =>
    noise.map((value) => {
      const [start, end] = [alphaBars[999], alphaBars[0]];
      const score = (value - Math.sqrt(start) * mean) / Math.sqrt(start * deviation ** 2 + 1 - start);
      return Math.sqrt(end) * mean + score * Math.sqrt(end * deviation ** 2 + 1 - end);
    });
  const worst = (a: Float32Array, b: Float32Array) =>
    Math.max(...a.map((value, i) => Math.abs(value - b[i])));

  test.each(predictions)("DDIM follows the probability flow, nearer with more steps: %s", async (type) => {
    const noise = normals(200);
    const errors: number[] = [];
    for (const steps of [25, 100, 400]) {
      const options = { ...unlimited, predictionType: type, steps };
      errors.push(worst(await last(best(mean, deviation, type), noise, options), flow(noise)));
    }
    expect(errors[1]).toBeLessThan(errors[0] / 2);
    expect(errors[2]).toBeLessThan(errors[1] / 2);
    expect(errors[2]).toBeLessThan(0.01);
  });

  test.each([0, 0.5, 1])("mean and deviation are the data's with eta %f", async (eta) => {
    const count = 20_000;
    let round = 1;
    const freshNoise = () => normals(count, round++);
    const options = { ...unlimited, steps: 200, eta, freshNoise };
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
    const options = { ...unlimited, predictionType: "v", steps: 60 } as const;
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
  const options = { ...unlimited, alphaBars: Float64Array.of(0.81, 0.36), steps: 1 };
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
  const options = { alphaBars, predictionType: "noise", steps: 4, guidance: 3 } as const;
  for await (const state of ddim(predict, normals(6), options)) states.push(state);
  expect(states.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
  for (const { x0 } of states) expect(Math.max(...x0.map(Math.abs))).toBeLessThanOrEqual(4);
  expect(states.map(({ penLogits }) => penLogits?.[0])).toEqual(timeSteps(1000, 4).slice(0, 4));
});

test("fresh noise that nobody gives is an error", async () => {
  const options = { ...unlimited, steps: 3, eta: 1 };
  await expect(last(best(0, 1), normals(2), options)).rejects.toThrow("freshNoise");
});
