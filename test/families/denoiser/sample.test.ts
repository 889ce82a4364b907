import { describe, expect, test } from "vitest";
import { collect } from "../../../src/base/collect.ts";
import { UserError } from "../../../src/base/errors.ts";
import type { GeneratedSketch, Step } from "../../../src/families/request.ts";
import { openSession, type SampleOptions, sample } from "../../../src/node/sample.ts";
import { boundsOf } from "../../../src/sketch/sketch.ts";
import { type Changes, untrained } from "../tiny-model.ts";

const draw = (over: Changes, options: Partial<SampleOptions> = {}): Promise<GeneratedSketch[]> =>
  collect(sample(untrained(over), { category: "cat", seed: 7, ...options }));

const seedLike = { network: { encoding: "delta", pen: "head", prediction: "noise" } } as const;

describe("the same seed gives the same drawing, bit for bit, whatever is drawn with it", () => {
  test.each<[string, Changes, Partial<SampleOptions>]>([
    ["with guidance", {}, {}],
    ["without guidance", {}, { guidance: 1 }],
    ["with fresh noise", { sampling: { eta: 1 } }, {}],
    ["by Heun's method", { sampling: { eta: 1 } }, { sampler: "heun" }],
    ["by DPM-Solver++", {}, { sampler: "dpm" }],
    ["with steps and a pen head", seedLike, {}],
    ["on one thread", {}, { guidance: 1, threads: 1 }],
  ])("%s: 1, 3 and 40 drawings", async (_, over, options) => {
    const many = await draw(over, { ...options, count: 40 });
    expect(many.map(({ index }) => index)).toEqual(Array.from({ length: 40 }, (_each, i) => i));
    expect(await draw(over, { ...options, count: 3 })).toEqual(many.slice(0, 3));
    expect(await draw(over, { ...options, count: 1 })).toEqual(many.slice(0, 1));
  });

  test("also at the quick preset's size, where ONNX Runtime shares out the sums of a single row", async () => {
    const network = { baseChannels: 48, points: 48, attentionHeads: 8, normGroups: 8 };
    const wide = { network, sampling: { steps: 2 } };
    const many = await draw(wide, { count: 5, guidance: 1 });
    expect(await draw(wide, { count: 1, guidance: 1 })).toEqual(many.slice(0, 1));
  });
});

test("a session draws what drawing once does, whatever it drew before", async () => {
  const session = openSession(untrained({}));
  for (const options of [{ count: 12 }, { count: 1, seed: 7 }, { count: 12, category: "bus", guidance: 1 }])
    expect(await collect(session.sample({ category: "cat", seed: 7, ...options }))).toEqual(
      await draw({}, options),
    );
  await session.dispose();
});

describe("drawings", () => {
  test("differ from each other, and by seed and category", async () => {
    const [first, second] = await draw({}, { count: 2 });
    expect(second.strokes).not.toEqual(first.strokes);
    const [other] = await draw({}, { seed: 8 });
    expect(other.strokes).not.toEqual(first.strokes);
    const [bus] = await draw({}, { category: "bus" });
    expect(bus.strokes).not.toEqual(first.strokes);
    expect(bus).toMatchObject({ word: "bus", seed: 7, index: 0 });
  });

  test("of two categories begin with noise of their own", async () => {
    const stats = { mean: [0, 0] as [number, number], std: 1 };
    const blind = untrained({ learnt: { normalisation: { cat: stats, bus: stats } } });
    // A network of zeros sees no category: whatever differs was noise.
    const zeros = { ...blind, weights: blind.weights.map(() => 0) };
    const [cat] = await collect(sample(zeros, { category: "cat", guidance: 1 }));
    const [bus] = await collect(sample(zeros, { category: "bus", guidance: 1 }));
    expect(bus.strokes).not.toEqual(cat.strokes);
  });

  test.each<[string, Changes]>([
    ["positions", {}],
    ["steps", seedLike],
  ])("of %s fill 200 of 256 pixels, in the middle", async (_, over) => {
    for (const sketch of await draw(over, { count: 12 })) {
      const bounds = boundsOf(sketch);
      if (bounds === undefined) continue;
      const { minX, minY, maxX, maxY } = bounds;
      expect(Math.max(maxX - minX, maxY - minY)).toBeCloseTo(200, 3);
      expect((minX + maxX) / 2).toBeCloseTo(128, 3);
      expect((minY + maxY) / 2).toBeCloseTo(128, 3);
    }
  });

  test("guidance and fresh noise are the model's own unless told, and matter", async () => {
    const [own] = await draw({ sampling: { guidance: 2, eta: 0.5 } });
    expect(await draw({}, { guidance: 2, eta: 0.5 })).toEqual([own]);
    for (const options of [
      { guidance: 1, eta: 0.5 },
      { guidance: 2, eta: 0 },
      { guidance: 2, eta: 0.5, steps: 5 },
    ])
      expect((await draw({}, options))[0].strokes).not.toEqual(own.strokes);
  });

  test("of a network with distilled guidance are what it makes of the weight that it is told", async () => {
    const distilled = { network: { maxGuidance: 4 }, sampling: { guidance: 2 } };
    const [own] = await draw(distilled);
    expect(await draw(distilled, { guidance: 2 })).toEqual([own]);
    for (const guidance of [0, 1, 4])
      expect((await draw(distilled, { guidance }))[0].strokes).not.toEqual(own.strokes);
    const many = await draw(distilled, { count: 5 });
    expect(many.slice(0, 1)).toEqual([own]);
  });

  test("none are none", async () => {
    expect(await draw({}, { count: 0 })).toEqual([]);
  });
});

describe("what cannot be drawn", () => {
  test("a category that was never learnt: the nearest is named, and all", async () => {
    const drawing = draw({}, { category: "catt" });
    await expect(drawing).rejects.toThrow(UserError);
    await expect(drawing).rejects.toThrow(
      'this model has not learnt "catt". Did you mean "cat"? It draws cat, bus.',
    );
  });

  test("more guidance than a network has distilled", async () => {
    const message = "guidance 4.5: this model has guidance distilled, up to 4; take at most that.";
    await expect(draw({ network: { maxGuidance: 4 } }, { guidance: 4.5 })).rejects.toThrow(message);
  });

  test("fresh noise with a sampler that adds none", async () => {
    const message = "eta 1: the sampler heun adds no fresh noise; leave eta out, or take ddim or dpm.";
    await expect(draw({}, { sampler: "heun", eta: 1 })).rejects.toThrow(message);
  });

  test("more steps than the schedule has", async () => {
    await expect(draw({}, { steps: 101 })).rejects.toThrow("steps 101: this model has 100 time steps");
  });
});

test("progress goes from step to step to the end, and an abort stops at once", async () => {
  const shares: number[] = [];
  await draw({}, { count: 40, onProgress: (share) => shares.push(share) });
  expect(shares).toEqual(Array.from({ length: 12 }, (_, i) => (i + 1) / 12));
  const stop = new AbortController();
  const drawing = draw({}, { count: 40, signal: stop.signal, onProgress: () => stop.abort() });
  await expect(drawing).rejects.toMatchObject({ name: "AbortError" });
});

test("every step tells how noisy the drawings are, and what they are taken for", async () => {
  const steps: Step<GeneratedSketch>[] = [];
  const drawings = await draw({}, { count: 3, steps: 4, onStep: (step) => steps.push(step) });
  expect(steps).toHaveLength(4);
  for (const sketches of steps.flatMap(({ noisy, estimates }) => [noisy, estimates])) {
    expect(sketches.map(({ index }) => index)).toEqual([0, 1, 2]);
    for (const sketch of sketches) expect(sketch).toMatchObject({ word: "cat", seed: 7 });
  }
  expect(steps[0].noisy).not.toEqual(drawings);
  expect(steps[3].noisy).toEqual(drawings);
  const centre = ({ strokes }: GeneratedSketch) => {
    const all = strokes.flatMap(({ x }) => x);
    return all.reduce((sum, x) => sum + x, 0) / all.length;
  };
  const [first, last] = [steps[0], steps[3]].map(({ estimates }) =>
    estimates.reduce((sum, sketch, i) => sum + Math.abs(centre(sketch) - centre(drawings[i])), 0),
  );
  // What little noise the first time step has is left in the drawing.
  expect(last).toBeLessThan(first / 4);
});
