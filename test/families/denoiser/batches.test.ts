import { beforeAll, describe, expect, test } from "vitest";
import { makeBatch } from "../../../src/families/denoiser/batches.ts";
import { scheduleOf } from "../../../src/families/denoiser/schedule.ts";
import { batchOptionsOf } from "../../../src/families/denoiser/task.ts";
import type { TrainingSet } from "../../../src/families/denoiser/training-set.ts";
import { inOrder } from "../../../src/sketch/order.ts";
import { decodePositions } from "../../../src/sketch/position.ts";
import { changed, prepare, sizedOf, type TinyRun, tinyBaseline, tinyQuick } from "../../training/tiny.ts";

const optionsOf = (config: TinyRun) =>
  batchOptionsOf(sizedOf(config).sizes, config.optimisation.denoiser, scheduleOf(config.network).alphaBars);

const members = Uint32Array.of(4, 0, 17, 33, 8, 21, 40, 5);

let quick: TrainingSet;
let baseline: TrainingSet;
beforeAll(async () => {
  quick = (await prepare(tinyQuick)).set;
  baseline = (await prepare(tinyBaseline)).set;
});

describe("a batch", () => {
  test("is the same for the same seed, step and members, and another for any other", () => {
    const options = optionsOf(tinyBaseline);
    const batch = makeBatch(baseline, members, 7, options);
    makeBatch(baseline, members, 8, options);
    expect(makeBatch(baseline, members, 7, options)).toEqual(batch);
    expect(makeBatch(baseline, members, 8, options).noisy).not.toEqual(batch.noisy);
    expect(makeBatch(baseline, members, 7, { ...options, seed: 43 }).noisy).not.toEqual(batch.noisy);
    const reversed = makeBatch(baseline, members.slice().reverse(), 7, options);
    expect(reversed.times).toEqual(batch.times);
    expect(reversed.noisy).not.toEqual(batch.noisy);
  });

  test("holds the members' pens and labels, and their drawings under the noise to predict", () => {
    const options = { ...optionsOf(tinyBaseline), augment: false, classDropout: 0 };
    const { noisy, times, labels, target, pens, weights } = makeBatch(baseline, members, 3, options);
    const { points } = baseline;
    for (const [place, member] of members.entries()) {
      expect(labels[place]).toBe(BigInt(baseline.labels[member]));
      const rows = pens.subarray(place * points, (place + 1) * points);
      expect(rows).toEqual(baseline.pens.subarray(member * points, (member + 1) * points));
      const alphaBar = options.alphaBars[times[place]];
      for (let i = 0; i < points * 2; i++) {
        const at = place * points * 2 + i;
        const mixed = Math.sqrt(alphaBar) * baseline.values[member * points * 2 + i];
        expect(noisy[at]).toBeCloseTo(mixed + Math.sqrt(1 - alphaBar) * target[at], 5);
      }
    }
    expect(weights).toEqual(new Float32Array(8).fill(1));
  });

  test("carries the pen as a third coordinate, its sign telling where it is lifted", () => {
    const options = optionsOf(changed(tinyQuick, { prediction: "noise", lossWeighting: "uniform" }));
    const { noisy, times, target, pens } = makeBatch(quick, members, 3, options);
    expect(noisy.length).toBe(members.length * quick.points * 3);
    for (const [at, pen] of pens.entries()) {
      const alphaBar = options.alphaBars[times[Math.floor(at / quick.points)]];
      const x = noisy[3 * at + 2] - Math.sqrt(1 - alphaBar) * target[3 * at + 2];
      if (alphaBar > 1e-3) expect(Math.sign(x)).toBe(pen === 1 ? 1 : -1);
    }
  });

  test("time steps spread over the whole schedule, noise is standard normal", () => {
    const options = optionsOf(tinyBaseline);
    const batches = Array.from({ length: 200 }, (_, step) => makeBatch(baseline, members, step, options));
    const times = batches.flatMap((batch) => [...batch.times]);
    expect(Math.min(...times)).toBe(0);
    expect(Math.max(...times)).toBe(99);
    expect(times.reduce((a, b) => a + b) / times.length).toBeCloseTo(49.5, -1);
    const noise = batches.flatMap((batch) => [...batch.target]);
    const mean = noise.reduce((a, b) => a + b) / noise.length;
    const variance = noise.reduce((sum, z) => sum + (z - mean) ** 2, 0) / noise.length;
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(noise.length));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / noise.length));
  });
});

describe("the class is dropped", () => {
  const STEPS = 1500;
  const shares = (dropoutPer: "batch" | "drawing", classDropout: number): number[] => {
    const options = { ...optionsOf(tinyBaseline), dropoutPer, classDropout };
    const noClass = BigInt(options.noClass);
    return Array.from({ length: STEPS }, (_, step) => {
      const { labels } = makeBatch(baseline, members, step, options);
      return labels.filter((label) => label === noClass).length / labels.length;
    });
  };
  const mean = (numbers: number[]) => numbers.reduce((a, b) => a + b) / numbers.length;

  test("for whole batches, as often as asked", () => {
    const dropped = shares("batch", 0.1);
    expect(dropped.filter((share) => share !== 0 && share !== 1)).toEqual([]);
    expect(Math.abs(mean(dropped) - 0.1)).toBeLessThan(4 * Math.sqrt((0.1 * 0.9) / STEPS));
  });

  test("for single drawings, as often as asked and independently of each other", () => {
    const dropped = shares("drawing", 0.1);
    expect(Math.abs(mean(dropped) - 0.1)).toBeLessThan(4 * Math.sqrt((0.1 * 0.9) / (STEPS * 8)));
    // Of 8 independent drawings none is dropped with probability 0.9^8 = 0.43.
    expect(dropped.filter((share) => share === 0).length / STEPS).toBeCloseTo(0.9 ** 8, 1);
  });

  test("never and always at the ends", () => {
    expect(mean(shares("drawing", 0))).toBe(0);
    expect(mean(shares("batch", 1))).toBe(1);
  });
});

describe("prefixes that are known", () => {
  const config = changed(tinyQuick, { prefixConditioning: 0.5 });
  const options = optionsOf(config);
  let set: TrainingSet;
  beforeAll(async () => {
    set = (await prepare(config)).set;
  });

  /** The strokes of a drawing in a batch of hardly any noise, and its known points. */
  function drawings(step: number) {
    const clear = { ...options, timeSampler: () => ({ t: 0, weight: 1 }) };
    const batch = makeBatch(set, members, step, { ...clear, alphaBars: new Float64Array(1).fill(1) });
    return [...members].map((member, place) => {
      const row = batch.noisy.subarray(place * set.points * 3, (place + 1) * set.points * 3);
      const values = Float32Array.from({ length: 2 * set.points }, (_, i) => row[3 * (i >> 1) + (i % 2)]);
      const pens = batch.pens.subarray(place * set.points, (place + 1) * set.points);
      const known = batch.known.subarray(place * set.points, (place + 1) * set.points);
      return { member, ...decodePositions(values, pens), known: known.reduce((a, b) => a + b), flags: known };
    });
  }
  const stored = (member: number) =>
    decodePositions(
      set.values.subarray(member * set.points * 2, (member + 1) * set.points * 2),
      set.pens.subarray(member * set.points, (member + 1) * set.points),
    ).strokes;

  test("are strokes as they were drawn, the rest the same strokes in the order to draw in", () => {
    let cuts = 0;
    for (const { member, strokes, known, flags } of [1, 2, 3, 4].flatMap(drawings)) {
      expect([...flags]).toEqual([...flags].map((_, i) => Number(i < known)));
      let [points, begun] = [0, 0];
      while (points < known) points += strokes[begun++].x.length;
      if (points > known) cuts++;
      expect(strokes.slice(0, begun)).toEqual(stored(member).slice(0, begun));
      expect({ strokes }).toEqual(inOrder({ strokes: stored(member) }, "size", begun));
    }
    expect(cuts).toBeGreaterThan(0);
  });

  test("are as many as asked, have no noise, and ask for nothing of the network", () => {
    const shares = Array.from({ length: 100 }, (_, step) => {
      const { known, noisy } = makeBatch(set, members, step, options);
      for (const [at, flag] of known.entries())
        if (flag === 1) expect(Math.abs(noisy[3 * at + 2])).toBeCloseTo(0.6, 6);
      return [...members.keys()].filter((place) => known[place * set.points] === 1).length / members.length;
    });
    const mean = shares.reduce((a, b) => a + b) / shares.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / (100 * members.length)));
  });
});
