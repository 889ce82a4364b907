import { describe, expect, test } from "vitest";
import { collect } from "../../../src/base/collect.ts";
import { UserError } from "../../../src/base/errors.ts";
import { openSource } from "../../../src/data/source.ts";
import { encodeCategory, joinCategories } from "../../../src/families/denoiser/training-set.ts";
import { encodings } from "../../../src/sketch/encoding.ts";
import { denormalise } from "../../../src/sketch/normalisation.ts";
import type { StrokeOrder } from "../../../src/sketch/order.ts";
import { pointCount, type Sketch } from "../../../src/sketch/sketch.ts";

const plain = { encoding: "delta", strokeOrder: "drawn", points: 128, simplify: 0 } as const;

async function doodles(category: string, count: number): Promise<Sketch[]> {
  const read = await collect((await openSource("synthetic")).drawings(category, { limit: count }));
  return read.map(({ sketch }) => sketch);
}

const mean = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length;

describe("a category", () => {
  test.each(["delta", "position"] as const)(
    "%s: is written so that its drawings can be read back",
    async (encoding) => {
      const cats = await doodles("cat", 5);
      const { encoded, normalisation } = encodeCategory(cats, { ...plain, encoding });
      const set = joinCategories([{ encoded, normalisation }], plain.points);
      for (const [i, cat] of cats.entries()) {
        const values = denormalise(set.values.subarray(i * 256, (i + 1) * 256), normalisation);
        const { strokes } = encodings[encoding].decode(values, set.pens.subarray(i * 128, (i + 1) * 128));
        expect(strokes.map(({ x }) => x.length)).toEqual(cat.strokes.map(({ x }) => x.length));
        // Positions are kept up to place and size: compare shapes by the ratio of two steps of the drawing.
        const steps = ({ x }: { x: readonly number[] }) => x[x.length - 1] - x[0];
        const [first, second] = [...cat.strokes].sort((a, b) => Math.abs(steps(b)) - Math.abs(steps(a)));
        const at = (stroke: (typeof cat.strokes)[number]) => steps(strokes[cat.strokes.indexOf(stroke)]);
        expect(at(first) / at(second)).toBeCloseTo(steps(first) / steps(second), 3);
        if (encoding === "delta") expect(strokes[0].x[0]).toBeCloseTo(cat.strokes[0].x[0], 3);
      }
    },
  );

  test("has mean 0 in both coordinates and deviation 1 over both", async () => {
    const buses = encodeCategory(await doodles("bus", 40), plain);
    const { values } = joinCategories([buses], plain.points);
    const [x, y] = [0, 1].map((which) => [...values].filter((_, i) => i % 2 === which));
    expect(mean(x)).toBeCloseTo(0, 5);
    expect(mean(y)).toBeCloseTo(0, 5);
    const { mean: means } = buses.normalisation;
    // The deviation is taken about the common mean of both coordinates, as the seed takes it.
    const common = (means[0] + means[1]) / 2;
    const squares = buses.encoded.flatMap(({ values: raw }) => [...raw].map((v) => (v - common) ** 2));
    expect(Math.sqrt(mean(squares)) / buses.normalisation.std).toBeCloseTo(1, 5);
  });

  test("simplification leaves fewer points, and as few as fit", async () => {
    const cats = await doodles("cat", 20);
    const drawn = (simplify: number, points: number) => {
      const options = { ...plain, encoding: "position", simplify, points } as const;
      return encodeCategory(cats, options).encoded.map(({ values, pens }) =>
        pointCount(encodings.position.decode(values, pens)),
      );
    };
    expect(drawn(0, 128)).toEqual(cats.map(pointCount));
    const [fine, coarse] = [drawn(1, 128), drawn(8, 128)];
    for (const [i, cat] of cats.entries()) {
      expect(fine[i]).toBeLessThanOrEqual(pointCount(cat));
      expect(coarse[i]).toBeLessThanOrEqual(fine[i]);
    }
    expect(mean(coarse)).toBeLessThan(mean(fine));
    const tight = drawn(1, 48);
    expect(tight.length).toBe(cats.length);
    expect(Math.max(...tight)).toBeLessThanOrEqual(48);
  });

  test("strokes go by size where asked, and nothing else changes", async () => {
    const [cat] = await doodles("cat", 1);
    const lengths = (strokeOrder: StrokeOrder) => {
      const [{ values, pens }] = encodeCategory([cat], {
        ...plain,
        encoding: "position",
        strokeOrder,
      }).encoded;
      return encodings.position.decode(values, pens).strokes.map(({ x }) => x.length);
    };
    expect(lengths("drawn")).toEqual(cat.strokes.map(({ x }) => x.length));
    expect(lengths("size")).not.toEqual(lengths("drawn"));
    expect(lengths("size").sort()).toEqual(lengths("drawn").sort());
  });

  test("drawings that cannot be written are left out; none at all is an error that says what to do", async () => {
    const dot: Sketch = { strokes: [{ x: [1], y: [1] }] };
    const cats = await doodles("cat", 3);
    expect(encodeCategory([dot, ...cats, dot], plain).encoded.length).toBe(3);
    const encode = () => encodeCategory(cats, { ...plain, encoding: "position", points: 8 });
    expect(encode).toThrow(UserError);
    expect(encode).toThrow("None of the drawings can be written in 8 points; use more points (--points).");
  });
});

test("categories follow each other in the order of their labels, each with its own normalisation", async () => {
  const cats = encodeCategory(await doodles("cat", 3), plain);
  const buses = encodeCategory(await doodles("bus", 2), plain);
  const set = joinCategories([cats, buses], plain.points);
  expect([...set.labels]).toEqual([0, 0, 0, 1, 1]);
  expect(set.values.length).toBe(5 * 128 * 2);
  expect(set.pens.subarray(3 * 128)).toEqual(joinCategories([buses], plain.points).pens);
  expect(set.values.subarray(3 * 256)).toEqual(joinCategories([buses], plain.points).values);
});
