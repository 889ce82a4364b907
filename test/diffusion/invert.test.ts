import { expect, test } from "vitest";
import { ddim } from "../../src/diffusion/ddim.ts";
import { invert } from "../../src/diffusion/invert.ts";
import { timeSteps } from "../../src/diffusion/schedule.ts";
import { alphaBars, best, flowOf, normals, unlimited, worst } from "./normal-data.ts";

const options = { ...unlimited, predictionType: "v" } as const;
const predict = best(0.5, 0.7, "v");
const rising = (steps: number) => timeSteps(alphaBars.length, steps).reverse();

async function end(states: AsyncGenerator<{ readonly x: Float32Array }>): Promise<Float32Array> {
  let last = new Float32Array(0);
  for await (const { x } of states) last = Float32Array.from(x);
  return last;
}

test("inversion goes the probability flow backwards: to the noise that the flow takes to the drawing", async () => {
  const noise = normals(100);
  const drawings = flowOf(0.5, 0.7, noise);
  const errors: number[] = [];
  for (const steps of [50, 200])
    errors.push(worst(await end(invert(predict, drawings, { ...options, times: rising(steps) })), noise));
  expect(errors[1]).toBeLessThan(0.03);
  expect(errors[0] / errors[1]).toBeGreaterThan(2.5);
});

test("there and back again", async () => {
  const drawings = normals(100, 3).map((value) => 0.5 + 0.7 * value);
  const there = await end(invert(predict, drawings, { ...options, times: rising(100) }));
  const back = await end(ddim(predict, there, { ...options, times: timeSteps(alphaBars.length, 100) }));
  expect(worst(back, drawings)).toBeLessThan(0.05);
});

test("asks at the times that it is given", async () => {
  const asked: number[] = [];
  const states = invert(
    async (x, t) => {
      asked.push(t);
      return predict(x, t);
    },
    normals(3),
    { ...options, times: rising(7) },
  );
  await end(states);
  expect(asked).toEqual(rising(7).slice(0, -1));
  expect(asked[0]).toBe(0);
});
