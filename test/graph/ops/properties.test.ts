import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { conv1d } from "../../../src/graph/ops/conv1d.ts";
import { add, mul } from "../../../src/graph/ops/elementwise.ts";
import { concat, reverse, split, transpose } from "../../../src/graph/ops/shape.ts";
import { reshape } from "../../../src/graph/ops/stretch.ts";
import { broadcastShapes, type Shape, ShapeError, sizeOf } from "../../../src/graph/shape.ts";
import { compile } from "../../../src/runtime/program.ts";
import { checkGraph, normals } from "../check.ts";
import { inputAt, of, on } from "./cases.ts";

const size = fc.integer({ min: 1, max: 4 });
const shapes: fc.Arbitrary<Shape> = fc.array(size, { minLength: 1, maxLength: 4 });

/** Two shapes that stretch to one: each may lack leading axes of it and have 1 in place of others. */
const broadcastable = shapes.chain((whole) => {
  const part = fc
    .tuple(fc.nat(whole.length), fc.array(fc.boolean(), { minLength: whole.length, maxLength: whole.length }))
    .map(([missing, ones]): Shape => whole.map((n, i) => (ones[i] ? 1 : n)).slice(missing));
  return fc.tuple(part, part);
});

/** A shape with one of its axes cut into pieces. */
const cut = fc
  .tuple(shapes, fc.nat(3), fc.array(size, { minLength: 1, maxLength: 4 }))
  .map(([shape, place, sizes]) => {
    const axis = place % shape.length;
    const whole = sizes.reduce((a, b) => a + b);
    return { shape: shape.map((n, i) => (i === axis ? whole : n)), axis, sizes };
  });

const reordered = shapes.chain((shape) =>
  fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }).map((perm) => ({ shape, perm })),
);

const each = <T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => Promise<void>, numRuns = 25) =>
  fc.assert(fc.asyncProperty(arbitrary, property), { numRuns });

/** What ONNX Runtime makes of a graph of the one input "a" filled with `values`. */
async function run(graph: ReturnType<typeof of>, values: Float32Array): Promise<Float32Array> {
  const program = await compile({ result: graph }, { threads: 1 });
  const { result } = await program.run({ a: values });
  await program.dispose();
  return result;
}

describe("operations on random shapes", () => {
  it("broadcasts and differentiates (a + b) b", () =>
    each(broadcastable, (pair) => checkGraph(on(pair, (a, b) => mul(add(a, b), b)))));

  it("broadcasts the same both ways, or refuses both ways", () => {
    const outcome = (a: Shape, b: Shape) => {
      try {
        return broadcastShapes("add", a, b);
      } catch (error) {
        expect(error).toBeInstanceOf(ShapeError);
        return "refused";
      }
    };
    fc.assert(
      fc.property(shapes, shapes, (a, b) => {
        expect(outcome(a, b)).toEqual(outcome(b, a));
      }),
    );
  });

  it("reshapes there and back, in the order of memory", () =>
    each(shapes, async (shape) => {
      const values = normals(sizeOf(shape), 1);
      const flat = reshape(of(...shape), [1, values.length]);
      expect(await run(flat, values)).toEqual(values);
      expect(await run(reshape(flat, shape), values)).toEqual(values);
    }));

  it("transposes there and back", () =>
    each(reordered, async ({ shape, perm }) => {
      const values = normals(sizeOf(shape), 2);
      const back = perm.map((_, i) => perm.indexOf(i));
      expect(await run(transpose(transpose(of(...shape), perm), back), values)).toEqual(values);
    }));

  it("differentiates a transposition", () =>
    each(reordered, ({ shape, perm }) => checkGraph(on([shape], (x) => transpose(x, perm)))));

  it("joins again what it split", () =>
    each(cut, async ({ shape, axis, sizes }) => {
      const values = normals(sizeOf(shape), 3);
      expect(await run(concat(split(of(...shape), axis, sizes), axis), values)).toEqual(values);
    }));

  it("splits again what it joined", () =>
    each(cut, async ({ shape, axis, sizes }) => {
      const parts = sizes.map((n, i) =>
        inputAt(
          shape.map((m, j) => (j === axis ? n : m)),
          i,
        ),
      );
      const values = parts.map((part, i) => normals(sizeOf(part.shape), i));
      const pieces = split(concat(parts, axis), axis, sizes);
      const program = await compile(Object.fromEntries(pieces.map((piece, i) => [`piece${i}`, piece])), {
        threads: 1,
      });
      const results = await program.run(
        Object.fromEntries(parts.map(({ node }, i) => [node.name ?? "", values[i]])),
      );
      await program.dispose();
      expect(Object.values(results)).toEqual(values);
    }));

  it("reverses there and back", () =>
    each(shapes, async (shape) => {
      const values = normals(sizeOf(shape), 4);
      expect(await run(reverse(reverse(of(...shape))), values)).toEqual(values);
    }));

  it("convolves", () =>
    each(
      fc.record({
        batch: size,
        channels: size,
        filters: size,
        length: fc.integer({ min: 1, max: 9 }),
        half: fc.nat(3),
      }),
      ({ batch, channels, filters, length, half }) =>
        checkGraph(on([[batch, channels, length], [filters, channels, 2 * half + 1], [filters]], conv1d)),
    ));
});
