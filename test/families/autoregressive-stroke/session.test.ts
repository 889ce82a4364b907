import { afterAll, describe, expect, test } from "vitest";
import { collect } from "../../../src/base/collect.ts";
import { autoregressiveStroke } from "../../../src/families/autoregressive-stroke/family.ts";
import { able } from "../../../src/families/session.ts";
import { nodeRuntime } from "../../../src/runtime/node.ts";
import type { Runtime } from "../../../src/runtime/runtime.ts";
import type { Sketch } from "../../../src/sketch/sketch.ts";
import { scribbler, tiny } from "./tiny.ts";

const model = scribbler();
const runtime = nodeRuntime({ threads: 1 });
const session = autoregressiveStroke.open(model, runtime);
const complete = able(session, "complete");
afterAll(() => session.dispose());

describe("drawing stroke after stroke", () => {
  test("makes the same drawing whatever is drawn beside it", async () => {
    const all = await collect(session.sample({ category: "cat", count: 7, seed: 5 }));
    expect(all.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    const [alone] = await collect(session.sample({ category: "cat", seed: 5 }));
    expect(alone).toEqual(all[0]);
    for (const mostRows of [2, 6, 10]) {
      const narrow = autoregressiveStroke.open(model, { ...runtime, mostRows });
      expect(await collect(narrow.sample({ category: "cat", count: 7, seed: 5 }))).toEqual(all);
      await narrow.dispose();
    }
  });

  test.each([
    ["the stroke that is flagged as the last", -9, 1],
    ["the most strokes that there may be", 9, tiny.strokes],
  ])("ends with %s", async (_, velocity, expected) => {
    const sure = autoregressiveStroke.open(scribbler(velocity), runtime);
    for (const { strokes } of await collect(sure.sample({ category: "cat", count: 5 })))
      expect(strokes).toHaveLength(expected);
    await sure.dispose();
  });

  test("begins the next drawing as soon as one is finished", async () => {
    let runs = 0;
    const counting: Runtime = {
      ...runtime,
      mostRows: 4,
      async compileRows(outputsOf, atLeast, initializers) {
        const program = await runtime.compileRows(outputsOf, atLeast, initializers);
        const isContext = "context" in outputsOf(1);
        return {
          ...program,
          run(feeds) {
            if (isContext) runs++;
            return program.run(feeds);
          },
        };
      },
    };
    const narrow = autoregressiveStroke.open(model, counting);
    const drawn = await collect(narrow.sample({ category: "bus", count: 12 }));
    await narrow.dispose();
    const strokes = drawn.reduce((sum, each) => sum + each.strokes.length, 0);
    // Two at a time; only the last may be alone.
    expect(runs).toBeLessThanOrEqual((strokes + tiny.strokes) / 2);
  });

  test("says how far it is, up to the end, and shows the strokes so far", async () => {
    const shares: number[] = [];
    const shown: number[] = [];
    const [drawing] = await collect(
      session.sample({
        category: "cat",
        seed: 2,
        onProgress: (share) => shares.push(share),
        onStep: ({ noisy, estimates }) => {
          expect(estimates).toHaveLength(noisy.length);
          shown.push(noisy[0].strokes.length);
        },
      }),
    );
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares).toHaveLength(3 * drawing.strokes.length);
    expect(shown.at(-1)).toBe(drawing.strokes.length);
  });

  test("leaves strokes where they are while the next ones are drawn", async () => {
    const shown: Sketch[] = [];
    await collect(
      session.sample({ category: "cat", seed: 2, onStep: ({ estimates }) => shown.push(...estimates) }),
    );
    const settled = shown.map(({ strokes }) => strokes.slice(0, -1));
    const most = settled.at(-1) ?? [];
    expect(most.length).toBeGreaterThan(1);
    for (const strokes of settled) expect(strokes).toEqual(most.slice(0, strokes.length));
  });

  test("without guidance and with much draws something else", async () => {
    const draw = (guidance: number) => collect(session.sample({ category: "cat", count: 2, guidance }));
    expect(await draw(1)).not.toEqual(await draw(3));
  });
});

describe("completing", () => {
  const strokes = [
    { x: [60, 200], y: [60, 60] },
    { x: [200, 190], y: [60, 190] },
  ];

  test("keeps the given strokes and adds to them, as far as there may be strokes", async () => {
    for (const { strokes: all } of await collect(complete({ category: "bus", strokes, count: 20 }))) {
      expect(all.slice(0, 2)).toEqual(strokes);
      expect(all.length).toBeGreaterThan(2);
      expect(all.length).toBeLessThanOrEqual(tiny.strokes);
    }
  });

  test("depends on what is given", async () => {
    const added = async (given: typeof strokes) => {
      const [{ strokes: all }] = await collect(complete({ category: "bus", strokes: given }));
      return all.slice(given.length);
    };
    expect(await added(strokes)).not.toEqual(await added([strokes[1], strokes[0]]));
  });

  test("goes on from the end of an open stroke", async () => {
    for (const { strokes: all } of await collect(
      complete({ category: "bus", strokes, open: true, count: 8 }),
    )) {
      expect(all[2].x[0]).toBeCloseTo(190, 3);
      expect(all[2].y[0]).toBeCloseTo(190, 3);
    }
  });

  test("refuses more strokes than there is room for another", async () => {
    const many = Array.from({ length: tiny.strokes }, () => strokes[0]);
    expect(() => complete({ category: "bus", strokes: many })).toThrow(
      "the drawing has 5 strokes, this model draws at most 5; give at most 4.",
    );
  });
});
