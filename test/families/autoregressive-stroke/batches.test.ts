import { describe, expect, test } from "vitest";
import { cosineSchedule } from "../../../src/diffusion/schedule.ts";
import { type BatchOptions, makeBatch } from "../../../src/families/autoregressive-stroke/batches.ts";
import { numbersOf, rowSize } from "../../../src/families/autoregressive-stroke/strokes.ts";
import { normals } from "../../graph/check.ts";
import { tiny } from "./tiny.ts";

const numbers = numbersOf(tiny);
const size = rowSize(tiny);
/** Drawings of one, three and five strokes. */
const set = {
  drawings: [1, 3, 5].map((strokes, i) => normals(strokes * numbers, i)),
  labels: Uint16Array.of(0, 1, 0),
};
const members = Uint32Array.of(2, 0, 1);
const options: BatchOptions = {
  ...tiny,
  targets: 4,
  contextNoise: 0,
  classDropout: 0,
  seed: 42,
  alphaBars: cosineSchedule(tiny.diffusionSteps).alphaBars,
  noClass: 2,
  prediction: "v",
  timeSampler: (random) => ({ t: random.uint32() % 100, weight: 2 }),
};

/** Of √ᾱ x0 + √(1-ᾱ) ε and v the x0 again. */
const cleanRow = ({ noisy, target, times }: ReturnType<typeof makeBatch>, row: number): number[] => {
  const alphaBar = options.alphaBars[times[row]];
  return Array.from({ length: size }, (_, i) => {
    const at = row * size + i;
    return Math.sqrt(alphaBar) * noisy[at] - Math.sqrt(1 - alphaBar) * target[at];
  });
};

describe("a batch of strokes", () => {
  test("is the same for the same seed, step and members, and another for any other", () => {
    const batch = makeBatch(set, members, 7, options);
    expect(makeBatch(set, members, 7, options)).toEqual(batch);
    expect(makeBatch(set, members, 8, options).noisy).not.toEqual(batch.noisy);
    expect(makeBatch(set, members, 7, { ...options, seed: 43 }).noisy).not.toEqual(batch.noisy);
  });

  test.each([0, 0.5])(
    "has clean targets under noise, whatever noise is on the context: %d",
    (contextNoise) => {
      const batch = makeBatch(set, members, 3, { ...options, contextNoise });
      for (const [place, member] of members.entries()) {
        const drawing = set.drawings[member];
        const last = drawing.length / numbers - 1;
        for (let i = 0; i < 4; i++) {
          const row = place * 4 + i;
          const which = Number(batch.places[row]);
          const expected = [
            ...drawing.subarray(which * numbers, (which + 1) * numbers),
            which === last ? 1 : -1,
          ];
          for (const [at, value] of cleanRow(batch, row).entries())
            expect(value).toBeCloseTo(expected[at], 4);
        }
      }
    },
  );

  test("weighs strokes, not drawings, the same: few targets stand for many strokes, many for few", () => {
    const { weights } = makeBatch(set, members, 3, options);
    expect(Array.from(weights)).toEqual([5, 1, 3].flatMap((strokes) => Array(4).fill((2 * strokes) / 4)));
  });

  test("takes the strokes of a drawing in turn", () => {
    const { places } = makeBatch(set, members, 3, options);
    const [five, one, three] = [0, 1, 2].map((place) =>
      Array.from(places.subarray(4 * place, 4 * place + 4), Number),
    );
    expect(new Set(five).size).toBe(4);
    expect(one).toEqual([0, 0, 0, 0]);
    expect(new Set(three)).toEqual(new Set([0, 1, 2]));
  });

  test("shows each stroke those before it, as they are where there is no noise", () => {
    const shown = (contextNoise: number) => makeBatch(set, members, 3, { ...options, contextNoise }).before;
    const [clean, noisy] = [shown(0), shown(0.5)];
    for (const [place, member] of members.entries()) {
      const expected = new Float32Array(tiny.strokes * numbers);
      expected.set(set.drawings[member].subarray(0, -numbers), numbers);
      const from = place * expected.length;
      expect(clean.subarray(from, from + expected.length)).toEqual(expected);
      for (const [i, value] of noisy.subarray(from, from + expected.length).entries())
        expect(value === expected[i]).toBe(expected[i] === 0);
    }
  });

  test("drops the class as often as it is told", () => {
    const labels = (classDropout: number) =>
      Array.from(makeBatch(set, members, 3, { ...options, classDropout }).labels, Number);
    expect(labels(0)).toEqual([0, 0, 1]);
    expect(labels(1)).toEqual([2, 2, 2]);
  });
});
