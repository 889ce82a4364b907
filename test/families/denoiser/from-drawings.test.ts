import { describe, expect, test } from "vitest";
import { collect } from "../../../src/base/collect.ts";
import { completionGuidance } from "../../../src/families/denoiser/complete.ts";
import {
  compileConditions,
  computeConditions,
  predictor,
} from "../../../src/families/denoiser/conditions.ts";
import { sizesOf } from "../../../src/families/denoiser/network.ts";
import { compileDenoiser } from "../../../src/families/denoiser/program.ts";
import type { GeneratedSketch, Step } from "../../../src/families/request.ts";
import { able } from "../../../src/families/session.ts";
import { network } from "../../../src/families/unet1d/network.ts";
import { complete, interpolate, openSession, sample, vary } from "../../../src/node/sample.ts";
import { nodeRuntime } from "../../../src/runtime/node.ts";
import { boundsOf, pointCount, type Sketch } from "../../../src/sketch/sketch.ts";
import { type Changes, untrained } from "../tiny-model.ts";

const model = untrained();
const box: Sketch = {
  strokes: [
    { x: [28, 228, 228, 28, 28], y: [60, 60, 190, 190, 60] },
    { x: [80, 120], y: [100, 140] },
  ],
};
const seedLike: Changes = { network: { encoding: "delta", pen: "head", prediction: "noise" } };

describe("variations", () => {
  const options = { sketch: box, category: "cat", seed: 3 };

  test("of strength 0 are the drawing", async () => {
    const [same] = await collect(vary(model, { ...options, strength: 0 }));
    expect(same.strokes.length).toBe(2);
    const corners = { x: [28, 228], y: [63, 193] };
    const { minX, maxX, minY, maxY } = boundsOf(same) ?? { minX: 0, maxX: 0, minY: 0, maxY: 0 };
    for (const [found, expected] of [
      [minX, corners.x[0]],
      [maxX, corners.x[1]],
      [minY, corners.y[0]],
      [maxY, corners.y[1]],
    ])
      expect(Math.abs(found - expected)).toBeLessThan(6);
  });

  test("of strength 1 are what sampling draws from the same noise", async () => {
    const varied = await collect(vary(model, { ...options, strength: 1, count: 3 }));
    const sampled = await collect(sample(model, { category: "cat", seed: 3, count: 3 }));
    for (const [i, { strokes }] of varied.entries()) {
      expect(strokes.map(({ x }) => x.length)).toEqual(sampled[i].strokes.map(({ x }) => x.length));
      for (const [j, { x }] of strokes.entries())
        for (const [k, value] of x.entries())
          expect(Math.abs(value - sampled[i].strokes[j].x[k])).toBeLessThan(0.5);
    }
  });

  test("are the same however many are asked for, with pens and encodings of either kind", async () => {
    for (const over of [{}, seedLike]) {
      const many = await collect(vary(untrained(over), { ...options, strength: 0.6, count: 12 }));
      const few = await collect(vary(untrained(over), { ...options, strength: 0.6, count: 2 }));
      expect(few).toEqual(many.slice(0, 2));
      expect(many[1].strokes).not.toEqual(many[0].strokes);
    }
  });

  test("are refused beyond 0 and 1, of unknown categories, and of drawings that do not fit", async () => {
    const drawn = (over: object) => collect(vary(model, { ...options, strength: 0.5, ...over }));
    await expect(drawn({ strength: 1.5 })).rejects.toThrow(
      "strength: expected a number from 0 to 1, found 1.5",
    );
    await expect(drawn({ category: "dog" })).rejects.toThrow('has not learnt "dog"');
    const many = { strokes: Array.from({ length: 9 }, (_, i) => ({ x: [0, 9], y: [i, 9 * i] })) };
    await expect(drawn({ sketch: many })).rejects.toThrow("cannot be written in the 16 points");
  });
});

describe("completions", () => {
  const { strokes } = box;

  test("begin with the given strokes, exactly as they are, and add others that differ by seed", async () => {
    const drawn = await collect(complete(model, { strokes, category: "cat", count: 12, seed: 5 }));
    for (const sketch of drawn) {
      expect(sketch.strokes.slice(0, 2)).toEqual(strokes);
      for (const stroke of sketch.strokes.slice(2)) expect(stroke.x.length).toBeGreaterThan(1);
    }
    expect(new Set(drawn.map((sketch) => JSON.stringify(sketch.strokes.slice(2)))).size).toBeGreaterThan(6);
    expect(drawn.some((sketch) => pointCount(sketch) > 7)).toBe(true);
    const few = await collect(complete(model, { strokes, category: "cat", count: 2, seed: 5 }));
    expect(few).toEqual(drawn.slice(0, 2));
  });

  test("begin with them after every step too, however noisy the rest", async () => {
    const steps: Step<Sketch>[] = [];
    const onStep = (step: Step<Sketch>) => void steps.push(step);
    const drawn = await collect(complete(model, { strokes, category: "cat", count: 2, seed: 5, onStep }));
    expect(steps).toHaveLength(model.config.sampling.steps);
    for (const sketch of steps.flatMap(({ noisy, estimates }) => [...noisy, ...estimates]))
      expect(sketch.strokes.slice(0, 2)).toEqual(strokes);
    expect(steps.at(-1)?.noisy).toEqual(drawn);
  });

  test("of nothing are drawings", async () => {
    const { guidance } = model.config.sampling;
    const [sketch] = await collect(complete(model, { strokes: [], category: "cat", seed: 5, guidance }));
    const [sampled] = await collect(sample(model, { category: "cat", seed: 5 }));
    expect(sketch.strokes.map(({ x }) => x.length)).toEqual(sampled.strokes.map(({ x }) => x.length));
  });

  test("may go on with the last stroke: what is added to it begins where it ends", async () => {
    const open = { strokes, category: "cat", count: 12, seed: 5, open: true };
    for (const over of [{}, { network: { prefixConditioning: 0.3 } }]) {
      const drawn = await collect(complete(untrained(over), open));
      const { x, y } = strokes[1];
      for (const sketch of drawn) {
        expect(sketch.strokes.slice(0, 2)).toEqual(strokes);
        const next = sketch.strokes[2];
        if (next) expect([next.x[0], next.y[0]].map(Math.round)).toEqual([x[1], y[1]]);
      }
      expect(drawn.filter((sketch) => sketch.strokes.length > 2).length).toBeGreaterThan(6);
    }
  });

  test("by a network that is told what is known do not depend on the noise in its place", async () => {
    const told = untrained({ network: { prefixConditioning: 0.3 } });
    const sized = { network, sizes: sizesOf(told.config) };
    const size = 3 * told.config.network.points;
    const known = { values: new Float32Array(size).fill(0.5), mask: new Uint8Array(size).fill(1, 0, 9) };
    const denoiser = await compileDenoiser(sized, told.weights, 1, nodeRuntime());
    const program = await compileConditions(sized, told.weights, 1, nodeRuntime());
    const predict = predictor(denoiser, await computeConditions(program, [50], [0]), 1, { known });
    const noise = Float32Array.from({ length: size }, (_, i) => Math.sin(i));
    const { prediction } = (await predict(noise, 50)).conditional;
    const other = noise.map((value, i) => (i < 9 ? -value : value));
    expect((await predict(other, 50)).conditional.prediction).toEqual(prediction);
    const further = noise.map((value, i) => (i < 12 ? -value : value));
    expect((await predict(further, 50)).conditional.prediction).not.toEqual(prediction);
    await program.dispose();
    await denoiser.dispose();
  });

  test("take twice the guidance beyond 1 of drawings from nothing, unless told", async () => {
    const given = { strokes, category: "cat", seed: 5 };
    const drawn = await collect(complete(model, given));
    const guidance = 1 + 2 * (model.config.sampling.guidance - 1);
    expect(drawn).toEqual(await collect(complete(model, { ...given, guidance })));
    expect(drawn).not.toEqual(
      await collect(complete(model, { ...given, guidance: model.config.sampling.guidance })),
    );
  });

  test("take no more guidance than a network has distilled", () => {
    expect(completionGuidance({ guidance: 2, maxGuidance: 4 })).toBe(3);
    expect(completionGuidance({ guidance: 3, maxGuidance: 4 })).toBe(4);
  });

  test("are refused of too many points, and by networks of steps", async () => {
    const many = Array.from({ length: 7 }, (_, i) => ({ x: [0, 200], y: [30 * i, 30 * i] }));
    await expect(collect(complete(model, { strokes: many, category: "cat" }))).rejects.toThrow(
      "the strokes take 14 points of the 16 that this model has, expected at most 12",
    );
    await expect(collect(complete(untrained(seedLike), { strokes, category: "cat" }))).rejects.toThrow(
      "only networks of positions with the pen as a channel",
    );
  });
});

describe("interpolations", () => {
  const from = { category: "cat", seed: 3 };

  test("between drawings of two categories begin with the one and end with the other", async () => {
    const to = { category: "bus", seed: 8, index: 2 };
    const way = await collect(interpolate(model, { from, to, count: 5 }));
    expect(way.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
    const [first] = await collect(sample(model, { category: "cat", seed: 3 }));
    const last = (await collect(sample(model, { category: "bus", seed: 8, count: 3 })))[2];
    for (const [found, expected] of [
      [way[0], first],
      [way[4], last],
    ]) {
      expect(found.word).toBe(expected.word);
      expect(found.strokes.map(({ x }) => x.length)).toEqual(expected.strokes.map(({ x }) => x.length));
      for (const [j, { x }] of found.strokes.entries())
        for (const [k, value] of x.entries()) expect(value).toBeCloseTo(expected.strokes[j].x[k], 1);
    }
    for (const [i, { strokes }] of way.slice(1).entries()) expect(strokes).not.toEqual(way[i].strokes);
  });

  test("tell of each drawing's steps", async () => {
    const told: number[] = [];
    const onStep = ({ estimates: [{ index }] }: Step<GeneratedSketch>) => void told.push(index);
    await collect(interpolate(model, { from, to: { category: "bus", seed: 8 }, count: 2, onStep }));
    const { steps } = model.config.sampling;
    expect(told).toEqual([...Array(steps).fill(0), ...Array(steps).fill(1)]);
  });

  test("a session does them after other drawings too", async () => {
    const session = openSession(model);
    await collect(session.sample({ category: "bus", count: 12 }));
    const to = { category: "cat", sketch: box };
    const way = await collect(able(session, "interpolate")({ from, to, count: 3 }));
    expect(way).toEqual(await collect(interpolate(model, { from, to, count: 3 })));
    await session.dispose();
  });

  test("of less than two drawings are refused", async () => {
    await expect(collect(interpolate(model, { from, to: from, count: 1 }))).rejects.toThrow(
      "count: expected a whole number from 2",
    );
  });
});
