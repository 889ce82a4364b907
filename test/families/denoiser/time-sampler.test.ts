import { describe, expect, test } from "vitest";
import { randomStream } from "../../../src/base/random.ts";
import { lossWeight } from "../../../src/diffusion/parameterisation.ts";
import { cosineSchedule } from "../../../src/diffusion/schedule.ts";
import { timeSampler } from "../../../src/families/denoiser/time-sampler.ts";

const { alphaBars } = cosineSchedule(50);
const options = { alphaBars, prediction: "v", lossWeighting: "min-snr" } as const;
const DRAWS = 200_000;

/** How often each time step comes, over how often it would with all alike, and the weights it comes with. */
function drawn(timeSampling: "uniform" | "weighted") {
  const sampler = timeSampler({ ...options, timeSampling });
  const random = randomStream(1, 0);
  const share = new Float64Array(alphaBars.length);
  const counted = new Float64Array(alphaBars.length);
  for (let i = 0; i < DRAWS; i++) {
    const { t, weight } = sampler(random);
    share[t] += alphaBars.length / DRAWS;
    counted[t] += (weight * alphaBars.length) / DRAWS;
  }
  return { share, counted };
}

describe("time steps to train at", () => {
  const expected = alphaBars.map((alphaBar) => lossWeight("min-snr", "v", alphaBar));

  test.each(["uniform", "weighted"] as const)("%s: each counts as much as its weight says", (way) => {
    const { counted } = drawn(way);
    for (const [t, value] of counted.entries()) expect(Math.abs(value - expected[t])).toBeLessThan(0.06);
  });

  test("uniform: all come equally often; weighted: the hardly counting ones hardly ever", () => {
    for (const share of drawn("uniform").share) expect(Math.abs(share - 1)).toBeLessThan(0.1);
    const { share } = drawn("weighted");
    const mean = expected.reduce((sum, weight) => sum + weight) / expected.length;
    for (const [t, value] of share.entries()) expect(Math.abs(value - expected[t] / mean)).toBeLessThan(0.1);
    expect(share[49]).toBeLessThan(0.02);
  });
});
