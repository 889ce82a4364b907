import { describe, expect, test } from "vitest";
import { collect } from "../../../src/base/collect.ts";
import type { GeneratedSketch, Step } from "../../../src/families/request.ts";
import { able } from "../../../src/families/session.ts";
import { complete, openSession, type SampleOptions, sample } from "../../../src/node/sample.ts";
import { boundsOf, pointCount, type Sketch } from "../../../src/sketch/sketch.ts";
import { untrained } from "./tiny.ts";

const model = untrained();
const draw = (options: Partial<SampleOptions> = {}) =>
  collect(sample(model, { category: "cat", seed: 7, ...options }));

describe("drawings step by step", () => {
  test.each([1, 2])(
    "are the same bit for bit, whatever is drawn with them, on %i threads",
    async (threads) => {
      const many = await draw({ count: 40, threads });
      expect(many.map(({ index }) => index)).toEqual(Array.from({ length: 40 }, (_, i) => i));
      expect(await draw({ count: 3, threads })).toEqual(many.slice(0, 3));
      expect(await draw({ count: 1, threads })).toEqual(many.slice(0, 1));
    },
  );

  test("of a session are those of drawing once, whatever it drew before", async () => {
    const session = openSession(model);
    for (const options of [{ count: 12 }, { count: 1 }, { count: 12, category: "bus", temperature: 0.3 }])
      expect(await collect(session.sample({ category: "cat", seed: 7, ...options }))).toEqual(
        await draw(options),
      );
    await session.dispose();
  });

  test("differ from each other, by seed and by category", async () => {
    const [first, second] = await draw({ count: 2 });
    expect(second?.strokes).not.toEqual(first?.strokes);
    expect((await draw({ seed: 8 }))[0]?.strokes).not.toEqual(first?.strokes);
    const [bus] = await draw({ category: "bus" });
    expect(bus?.strokes).not.toEqual(first?.strokes);
    expect(bus).toMatchObject({ word: "bus", seed: 7, index: 0 });
  });

  test("without temperature are all the likeliest one", async () => {
    const [first, second] = await draw({ count: 2, temperature: 0 });
    expect(second?.strokes).toEqual(first?.strokes);
  });

  test("have no more points than the network, and fill 200 of 256 pixels", async () => {
    for (const sketch of await draw({ count: 12 })) {
      const bounds = boundsOf(sketch);
      if (bounds === undefined) continue;
      expect(Math.max(bounds.maxX - bounds.minX, bounds.maxY - bounds.minY)).toBeCloseTo(200, 3);
      expect((bounds.minX + bounds.maxX) / 2).toBeCloseTo(128, 3);
    }
  });

  test("can be followed: the last that is told of is what is drawn", async () => {
    const seen: Step<GeneratedSketch>[] = [];
    const shares: number[] = [];
    const drawn = await draw({
      count: 3,
      onStep: (step) => seen.push(step),
      onProgress: (share) => shares.push(share),
    });
    expect(seen.at(-1)?.estimates).toEqual(drawn);
    const points = seen.map(({ estimates }) =>
      estimates.reduce((sum, sketch) => sum + pointCount(sketch), 0),
    );
    expect(points.at(-1)).toBeGreaterThan(Number(points[0]));
    expect([...shares].sort((a, b) => a - b)).toEqual(shares);
    expect(shares.at(-1)).toBe(1);
  });

  test("can be stopped", async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(draw({ signal: controller.signal })).rejects.toThrow("aborted");
  });

  test("are refused where the request is none", async () => {
    await expect(draw({ category: "dog" })).rejects.toThrow('has not learnt "dog"');
    await expect(draw({ steps: 3 })).rejects.toThrow("steps");
    await expect(draw({ temperature: -1 })).rejects.toThrow("temperature");
  });
});

describe("completed drawings", () => {
  const strokes: Sketch["strokes"] = [{ x: [60, 190, 190], y: [60, 60, 190] }];
  const completed = (more: object = {}) =>
    collect(complete(model, { category: "cat", seed: 3, count: 16, strokes, ...more }));

  test("begin with the given strokes; others follow where the model drew some", async () => {
    const drawn = await completed();
    for (const sketch of drawn) expect(sketch.strokes.slice(0, 1)).toEqual(strokes);
    expect(new Set(drawn.map((sketch) => JSON.stringify(sketch.strokes))).size).toBeGreaterThan(1);
  });

  test("go on from the end of an open stroke", async () => {
    for (const {
      strokes: [, next],
    } of await completed({ open: true }))
      if (next) expect([next.x[0], next.y[0]]).toEqual([190, 190]);
  });

  test("of nothing are drawings", async () => {
    const [first] = await completed({ strokes: [] });
    const [drawn] = await draw({ seed: 3 });
    expect(first?.strokes).toEqual(drawn?.strokes);
  });

  test("are refused where too little room is left", async () => {
    const x = Array.from({ length: 10 }, (_, i) => 20 * i);
    const long = [{ x, y: x.map((value, i) => value * (i % 2)) }];
    await expect(completed({ strokes: long })).rejects.toThrow(
      "the strokes take 10 points of the 12 that this model has, expected at most 9",
    );
  });

  test("are of no other kind: such models neither vary drawings nor lead from one to another", async () => {
    const session = openSession(model);
    expect(() => able(session, "vary")).toThrow("cannot vary");
    expect(() => able(session, "interpolate")).toThrow("cannot interpolate");
    await session.dispose();
  });
});
