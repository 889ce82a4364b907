import { describe, expect, test } from "vitest";
import { ddim } from "../../src/diffusion/ddim.ts";
import type { Predict, SamplerState } from "../../src/diffusion/estimate.ts";
import { predictions } from "../../src/diffusion/parameterisation.ts";
import { evaluationTimes, samplerNames, samplers } from "../../src/diffusion/samplers.ts";
import { best, flowOf, normals, unlimited, worst } from "./normal-data.ts";

async function statesOf(name: keyof typeof samplers, predict: Predict, noise: Float32Array, steps: number) {
  const states: SamplerState[] = [];
  const times = samplers[name].times(1000, steps);
  for await (const state of samplers[name].walk(predict, noise, { ...unlimited, predictionType: "v", times }))
    states.push(state);
  return states;
}

describe.each(samplerNames)("%s", (name) => {
  test.each([1, 2, 3, 4, 7, 8, 50])(
    "makes %i evaluations, at the times it says, and one state each",
    async (steps) => {
      const asked: number[] = [];
      const predict: Predict = async (x, t) => {
        asked.push(t);
        return best(0, 1, "v")(x, t);
      };
      const states = await statesOf(name, predict, normals(3), steps);
      expect(states.map(({ step }) => step)).toEqual(Array.from({ length: steps }, (_, i) => i + 1));
      expect(asked.length).toBe(steps);
      expect(asked).toEqual(samplers[name].times(1000, steps).slice(0, -1));
    },
  );

  test("one evaluation gives what the network first takes the drawing for, but for the noise of time step 0", async () => {
    const [{ x, x0 }] = await statesOf(name, best(1.5, 0.4, "v"), normals(20), 1);
    expect(worst(x, x0)).toBeLessThan(0.05);
  });

  test("ends at the probability flow's end whatever the network predicts", async () => {
    const noise = normals(200);
    for (const predictionType of predictions) {
      let x = noise;
      const options = { ...unlimited, predictionType, times: samplers[name].times(1000, 300) };
      for await (const state of samplers[name].walk(best(1.5, 0.4, predictionType), noise, options))
        x = state.x;
      expect(worst(x, flowOf(1.5, 0.4, noise))).toBeLessThan(0.02);
    }
  });
});

/** With so many intervals, the error halfway and the one at the end. */
async function errorsWith(name: keyof typeof samplers, intervals: number) {
  const [mean, deviation] = [0.5, 0.7];
  const noise = normals(100);
  const [evaluations, halfway] =
    name === "heun" ? [2 * intervals - 1, intervals] : [intervals, intervals / 2];
  const states = await statesOf(name, best(mean, deviation, "v"), noise, evaluations);
  return {
    halfway: worst(
      states[halfway - 1].x,
      flowOf(mean, deviation, noise, evaluationTimes(samplers[name].times(1000, evaluations))[intervals / 2]),
    ),
    end: worst(states[evaluations - 1].x, flowOf(mean, deviation, noise)),
  };
}

// DPM-Solver++'s last interval is of first order, so that its order shows halfway only.
test.each([
  ["ddim", "halfway", 1],
  ["ddim", "end", 1],
  ["heun", "halfway", 2],
  ["heun", "end", 2],
  ["dpm", "halfway", 2],
  ["dpm1", "halfway", 1],
] as const)(
  "%s, %s, is of order %i: with intervals half as long the error is 2 to that power less",
  async (name, where, order) => {
    const errors: number[] = [];
    for (const intervals of [20, 40, 80]) errors.push((await errorsWith(name, intervals))[where]);
    for (const [coarse, fine] of [errors.slice(0, 2), errors.slice(1)]) {
      const found = Math.log2(coarse / fine);
      expect(Math.abs(found - order), `errors ${errors}`).toBeLessThan(0.35);
    }
  },
);

test("with few evaluations the second-order samplers end nearer than DDIM", async () => {
  const noise = normals(200);
  const errorOf = async (name: keyof typeof samplers) => {
    const states = await statesOf(name, best(0.5, 0.7, "v"), noise, 9);
    return worst(states[8].x, flowOf(0.5, 0.7, noise));
  };
  const first = await errorOf("ddim");
  for (const name of ["heun", "dpm"] as const) expect(await errorOf(name)).toBeLessThan(0.7 * first);
});

test.each(["ddim", "dpm", "dpm1"] as const)(
  "%s with fresh noise: mean and deviation are the data's",
  async (name) => {
    const count = 20_000;
    let round = 1;
    const times = samplers[name].times(1000, 100);
    const options = { ...unlimited, times, eta: 1, freshNoise: () => normals(count, round++) };
    let x = normals(count);
    for await (const state of samplers[name].walk(best(0.5, 0.7), x, options)) x = state.x;
    const mean = x.reduce((sum, value) => sum + value, 0) / count;
    const deviation = Math.sqrt(x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count);
    // Four standard errors, and a hundredth for the steps.
    expect(Math.abs(mean - 0.5)).toBeLessThan((4 * 0.7) / Math.sqrt(count) + 0.01);
    expect(Math.abs(deviation - 0.7)).toBeLessThan((4 * 0.7) / Math.sqrt(2 * count) + 0.01);
    expect(round).toBeGreaterThan(90);
  },
);

test("DPM-Solver++ of first order is DDIM at the same time steps", async () => {
  const noise = normals(200);
  const predict = best(0.5, 0.7, "v");
  const states = await statesOf("dpm1", predict, noise, 8);
  const options = { ...unlimited, predictionType: "v", times: samplers.dpm1.times(1000, 8) } as const;
  let step = 0;
  for await (const { x } of ddim(predict, noise, options))
    expect(worst(x, states[step++].x)).toBeLessThan(1e-5);
});

test("Heun's method asks twice about the time steps where intervals meet, as far as its evaluations reach", () => {
  expect(samplers.heun.times(1000, 1)).toEqual([999, 0]);
  expect(samplers.heun.times(1000, 2)).toEqual([999, 499, 0]);
  expect(samplers.heun.times(1000, 3)).toEqual([999, 499, 499, 0]);
  expect(samplers.heun.times(1000, 4)).toEqual([999, 666, 666, 333, 0]);
  expect(samplers.heun.times(1000, 5)).toEqual([999, 666, 666, 333, 333, 0]);
});

test.each([1, 8, 50, 999, 1000])(
  "DPM-Solver++ asks about %i time steps once each, denser towards the drawing",
  (steps) => {
    const [end, ...backwards] = samplers.dpm.times(1000, steps).reverse();
    const times = backwards.reverse();
    expect(end).toBe(0);
    expect(times).toHaveLength(steps);
    expect(times[0]).toBe(999);
    for (const [i, t] of times.slice(1).entries()) expect(t).toBeLessThan(times[i]);
    const above = times.filter((t) => t > 499).length;
    if (steps > 1 && steps < 900) expect(above).toBeLessThan(steps / 2);
  },
);
