import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UserError } from "../../src/base/errors.ts";
import { readNdjson } from "../../src/data/read/ndjson.ts";
import { type DeltaSketch, encodeDeltas } from "../../src/sketch/delta.ts";
import {
  addDeltas,
  denormalise,
  emptySums,
  normalisationFrom,
  normalise,
} from "../../src/sketch/normalisation.ts";
import { decodeSafetensors } from "../../src/weights/safetensors.ts";

function measure(sets: Iterable<Float32Array>) {
  const sums = emptySums();
  for (const deltas of sets) addDeltas(sums, deltas);
  return normalisationFrom(sums);
}

describe("normalisation", () => {
  it("is the mean of each axis and one deviation about the mean of both", () => {
    const { mean, std } = measure([Float32Array.of(1, 10, 3, 30), Float32Array.of(5, 20)]);
    const values = [1, 10, 3, 30, 5, 20];
    const centre = values.reduce((a, b) => a + b) / 6;
    expect(mean).toEqual([3, 20]);
    expect(std).toBe(Math.fround(Math.sqrt(values.reduce((sum, v) => sum + (v - centre) ** 2, 0) / 6)));
  });

  it("does not depend on the order of whole numbers", () => {
    const set = fc.array(fc.array(fc.integer({ min: -255, max: 255 }), { minLength: 2, maxLength: 2 }));
    fc.assert(
      fc.property(set, (pairs) => {
        const sets = [Float32Array.of(1, 2, 3, 5), ...pairs.map((pair) => Float32Array.from(pair))];
        expect(measure(sets)).toEqual(measure(sets.toReversed()));
      }),
    );
  });

  it("comes back within float32 rounding", () => {
    const normalisation = { mean: [0.9, 1.1], std: 22.3 } as const;
    const deltas = Float32Array.of(3, -7, 250, 0, 0, 0.25);
    const back = denormalise(normalise(deltas, normalisation), normalisation);
    back.forEach((value, i) => {
      expect(Math.abs(value - deltas[i])).toBeLessThan(2e-5);
    });
  });

  it("refuses a set without drawings or without extent", () => {
    expect(() => measure([])).toThrow(UserError);
    expect(() => measure([new Float32Array(8)])).toThrow(/same place/);
  });
});

const shared = new URL("../../../shared/", import.meta.url);
const golden = new URL("golden/unet1d_base16.safetensors", shared);
if (!existsSync(golden)) console.warn("skipped: the seed's preprocessing (../shared/golden is missing)");

describe.skipIf(!existsSync(golden))("the seed's preprocessing", () => {
  const load = () => decodeSafetensors(readFileSync(golden), "unet1d_base16.safetensors");

  it.each(["cat", "bus", "rabbit"])("agrees bit for bit: %s", async (category) => {
    const { tensors, metadata } = load();
    const file = readFileSync(new URL(`quickdraw/simplified/${category}.ndjson`, shared));
    const encoded: DeltaSketch[] = [];
    for await (const { sketch, line } of readNdjson(chunks(file), category)) {
      if (line === 100) break;
      const deltas = encodeDeltas(sketch);
      if (deltas !== undefined) encoded.push(deltas);
    }
    const normalisation = measure(encoded.map(({ deltas }) => deltas));
    expect(normalisation).toEqual(JSON.parse(metadata[`preprocess.${category}.stats_first100`]));

    const first = encoded.slice(0, 8);
    const numbers = (of: (sketch: DeltaSketch) => Float32Array) => first.flatMap((sketch) => [...of(sketch)]);
    const expected = (name: string) => [...(tensors.get(`preprocess.${category}.${name}`)?.data ?? [])];
    expect(numbers(({ deltas }) => deltas)).toEqual(expected("deltas"));
    expect(numbers(({ pens }) => pens)).toEqual(expected("pens"));
    expect(numbers(({ deltas }) => normalise(deltas, normalisation))).toEqual(expected("normalized"));
  });
});

async function* chunks(file: Uint8Array) {
  yield file;
}
