import { describe, expect, test } from "vitest";
import { UserError } from "../../src/base/errors.ts";
import { randomStream } from "../../src/base/random.ts";
import { type EvaluationRequest, evaluate } from "../../src/metrics/evaluate.ts";
import { frechetDistance } from "../../src/metrics/frechet.ts";
import { novelty } from "../../src/metrics/novelty.ts";
import type { Sketch } from "../../src/sketch/sketch.ts";
import { box, fakeNetwork } from "./fake-network.ts";

const categories = ["cat", "bus"];
const COUNT = 80;
const labels = Array.from({ length: COUNT }, (_, i) => i % 2);

/** Wide buses and high cats, with some spread; `seed` names the set. */
const drawings = (seed: number, count = COUNT): Sketch[] =>
  Array.from({ length: count }, (_, i) => {
    const stream = randomStream(seed, i);
    const [long, short] = [200 + 20 * stream.normal(), 100 + 10 * stream.normal()];
    return i % 2 === 0 ? box(short, long) : box(long, short);
  });

const set = (name: string, sketches: readonly Sketch[]) => ({
  name,
  description: `${name} drawings`,
  sketches,
});
const training = drawings(2, 120);
const request: EvaluationRequest = {
  network: fakeNetwork(["cat", "owl", "bus"]),
  categories,
  labels,
  reference: set("held out", drawings(1)),
  floor: set("floor", training.slice(0, COUNT)),
  training,
  generated: [
    set("good", drawings(3)),
    set("copied", training.slice(40)),
    set("turned", drawings(3, COUNT + 1).slice(1)),
  ],
  seed: 0,
};

describe("an evaluation", async () => {
  const { evaluation, neighbours } = await evaluate(request);
  const [floor, good, copied, turned] = evaluation.rows.map(({ measures }) => measures);

  test("holds what has to be known with the numbers, the floor first", () => {
    expect(evaluation).toMatchObject({
      count: COUNT,
      categories,
      network: { name: "fake", hash: "0123456789ab", size: 2 },
      reference: "held out drawings",
    });
    expect(evaluation.rows.map(({ name }) => name)).toEqual(["floor", "good", "copied", "turned"]);
    expect(evaluation.rows[0].perCategory).toEqual({
      cat: { count: 40, top1: 1, top5: 1 },
      bus: { count: 40, top1: 1, top5: 1 },
    });
  });

  test("each row is its own set against the held-out drawings", async () => {
    const features = async (sketches: readonly Sketch[]) =>
      (await request.network.describe(sketches)).features;
    const real = await features(request.reference.sketches);
    for (const [i, { sketches }] of [request.floor, ...request.generated].entries())
      expect(evaluation.rows[i].measures.fid).toBe(frechetDistance(real, await features(sketches)));
  });

  test("copies show in novelty, drawings of the wrong category in recognition alone", () => {
    expect(floor.novelty).toBeUndefined();
    expect(copied.novelty).toEqual({ ratio: 0, copies: 1 });
    expect(good.novelty?.ratio).toBeGreaterThan(0.5);
    expect(good.recognition).toEqual({ top1: 1, top5: 1, agreement: 1 });
    expect(turned.recognition).toEqual({ top1: 0, top5: 1, agreement: 0 });
    expect(turned.precision).toBeGreaterThan(0.7);
  });

  test("neighbours are the nearest training drawings of the first set", () => {
    expect(neighbours.map(({ generated }) => generated)).toEqual(request.generated[0].sketches);
    const size = ({ strokes: [{ x, y }] }: Sketch) => [x[1] / 100, y[2] / 100];
    const distance = (a: Sketch, b: Sketch) => Math.hypot(size(a)[0] - size(b)[0], size(a)[1] - size(b)[1]);
    for (const { generated, nearest, distance: found } of neighbours) {
      expect(found).toBeCloseTo(Math.min(...training.map((other) => distance(generated, other))), 5);
      expect(found).toBeCloseTo(distance(generated, nearest), 5);
    }
    const heldOut = request.reference.sketches.map((a) => Math.min(...training.map((b) => distance(a, b))));
    const own = neighbours.map(({ distance: found }) => found);
    const expected = novelty(Float32Array.from(own), Float32Array.from(heldOut));
    expect(good.novelty?.ratio).toBeCloseTo(expected.ratio, 4);
  });

  test("is the same again", async () => {
    expect((await evaluate(request)).evaluation).toEqual(evaluation);
  });
});

test("without training drawings there is no novelty, without known categories no recognition", async () => {
  const one = { ...request, generated: request.generated.slice(0, 1) };
  const { evaluation, neighbours } = await evaluate({ ...one, training: [], network: fakeNetwork(["cat"]) });
  expect(neighbours).toEqual([]);
  const [, { measures, perCategory }] = evaluation.rows;
  expect(measures).not.toHaveProperty("novelty");
  expect(measures).not.toHaveProperty("recognition");
  expect(evaluation).not.toHaveProperty("realRecognition");
  expect(perCategory).toEqual({ cat: { count: 40 }, bus: { count: 40 } });
});

test("progress reaches the number of drawings to look at, then that of the sets", async () => {
  const seen: number[][] = [];
  const measured: number[] = [];
  await evaluate(request, {
    onProgress: (done, total) => seen.push([done, total]),
    onMeasured: (sets) => measured.push(sets),
  });
  expect(measured).toEqual([0, 1, 2, 3, 4]);
  const total = 5 * COUNT + training.length;
  expect(seen[seen.length - 1]).toEqual([total, total]);
});

test("an abort ends it", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(evaluate(request, { signal })).rejects.toThrow("enough");
});

test("a set of another size is refused", async () => {
  const short = { ...request, floor: set("floor", drawings(2, 5)) };
  await expect(evaluate(short)).rejects.toThrow(UserError);
  await expect(evaluate(short)).rejects.toThrow("floor has 5 drawings, expected 80 as in every set");
});
