import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gradients, pullback, topologicalOrder, withGradient } from "../../src/graph/gradient.ts";
import { add, mul, silu, sin, sub } from "../../src/graph/ops/elementwise.ts";
import { matmul } from "../../src/graph/ops/matmul.ts";
import { normalize } from "../../src/graph/ops/normalize.ts";
import { split } from "../../src/graph/ops/shape.ts";
import { sum } from "../../src/graph/ops/stretch.ts";
import { ShapeError } from "../../src/graph/shape.ts";
import { constant, input, scalar, type Tensor } from "../../src/graph/tensor.ts";
import { compile } from "../../src/runtime/program.ts";
import { checkGraph, normals } from "./check.ts";
import { on } from "./ops/cases.ts";
import { evaluate } from "./reference.ts";

const x = input("x", [2]);
const feeds = { x: [0.5, -2] };
const valuesOf = (...tensors: Tensor[]) => evaluate(tensors, feeds).map((values) => [...values]);

/** `step` applied `count` times. */
function chain(count: number, step: (y: Tensor) => Tensor): Tensor {
  let y = x;
  for (let i = 0; i < count; i++) y = step(y);
  return y;
}

describe("the order of nodes", () => {
  /** Graphs of up to 30 sums, each of any two values before it. */
  const graphs = fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 30 }).map((pairs) => {
    const made = [x];
    for (const [i, j] of pairs) made.push(add(made[i % made.length], made[j % made.length]));
    return made;
  });

  it("holds every node once, behind those it needs", () => {
    fc.assert(
      fc.property(graphs, fc.infiniteStream(fc.nat()), (tensors, picks) => {
        const outputs = [0, 1, 2].map(() => tensors[(picks.next().value ?? 0) % tensors.length]);
        const order = topologicalOrder(outputs);
        const place = new Map(order.map((node, i) => [node, i]));
        expect(place.size).toBe(order.length);
        for (const { node } of outputs) expect(place.has(node)).toBe(true);
        for (const [i, node] of order.entries()) {
          for (const needed of node.inputs) expect(place.get(needed.node)).toBeLessThan(i);
        }
      }),
    );
  });
});

describe("gradients", () => {
  it("add up over every use of a value", () =>
    checkGraph(
      on([[2, 3], [3]], (a, b) => {
        const shared = sin(mul(a, b));
        return add(mul(shared, shared), sub(mul(shared, a), shared));
      }),
    ));

  it("count 2^40 paths through a graph of 40 nodes", () => {
    const doubled = chain(40, (y) => add(y, y));
    const [gradient] = gradients(sum(doubled), [x]);
    expect(valuesOf(gradient)).toEqual([[2 ** 40, 2 ** 40]]);
    expect(topologicalOrder([gradient]).length).toBeLessThan(200);
  });

  it("reach values in the middle of the graph, and the loss itself", () => {
    const middle = mul(x, x);
    const loss = sum(mul(middle, middle));
    const [byMiddle, byLoss, byX] = gradients(loss, [middle, loss, x]);
    expect(valuesOf(byMiddle, byLoss, byX)).toEqual([[2 * 0.25, 2 * 4], [1], [4 * 0.125, 4 * -8]]);
  });

  it("are zeros for what the loss does not depend on", async () => {
    const other = input("other", [2, 3]);
    const alone = input("alone", []);
    const found = gradients(sum(mul(x, x)), [other, x, alone]);
    expect(found.map(({ shape }) => shape)).toEqual([[2, 3], [2], []]);
    expect(valuesOf(...found)).toEqual([[0, 0, 0, 0, 0, 0], [1, -4], [0]]);
    const program = await compile({ other: found[0], alone: found[2] });
    expect(await program.run({})).toEqual({ other: new Float32Array(6), alone: new Float32Array(1) });
    await program.dispose();
  });

  it("are zeros for the pieces of a split that are not used", () => {
    const [piece] = split(x, 0, [1, 1]);
    expect(valuesOf(...gradients(sum(mul(piece, piece)), [x]))).toEqual([[1, 0]]);
  });

  it("take a loss of any shape with a single element", () => {
    const loss = matmul(input("row", [1, 2]), constant([3, 4], [2, 1]));
    const [gradient] = gradients(loss, [loss.node.inputs[0]]);
    expect(evaluate([gradient], { row: [1, 1] })[0]).toEqual(Float64Array.of(3, 4));
  });

  it("refuse a loss of several numbers", () => {
    expect(() => gradients(x, [x])).toThrow(
      new ShapeError("gradients: the loss must be a single number, found shape [2]"),
    );
  });

  it("refuse to pass through the statistics of a normalisation", () => {
    const [, mean] = normalize(x, 1e-5);
    expect(() => gradients(sum(mean), [x])).toThrow(
      "normalize: only the normalised values have a gradient, not the statistics",
    );
  });

  it("go through a chain of 10,000 nodes", () => {
    const growth = 1 + 2 ** -13;
    const loss = sum(chain(10_000, (y) => mul(y, scalar(growth))));
    const [gradient] = gradients(loss, [x]);
    const [found] = evaluate([gradient], feeds);
    expect(found[0]).toBeCloseTo(growth ** 10_000, 9);
  });
});

describe("a gradient written by hand", () => {
  const square = withGradient(mul(x, x), [x], (g) => [mul(g, scalar(7))]);

  it("stands in for the derived one", () => {
    const [gradient] = gradients(sum(mul(square, scalar(2))), [x]);
    expect(valuesOf(square, gradient)).toEqual([
      [0.25, 4],
      [14, 14],
    ]);
  });

  it("leaves other paths to the same value alone", () => {
    const loss = sum(add(square, mul(x, x)));
    expect(valuesOf(...gradients(loss, [x]))).toEqual([[7 + 1, 7 - 4]]);
  });
});

describe("pullback", () => {
  it("is the gradient of the outputs' sum with the given weights", () => {
    const [a, b] = [input("a", [2, 3]), input("b", [3])];
    const outputs = [mul(a, b), sum(silu(a), [0])];
    const given = [input("g", [2, 3]), input("h", [1, 3])];
    const weighted = add(sum(mul(outputs[0], given[0])), sum(mul(outputs[1], given[1])));
    const feeds = Object.fromEntries(
      ["a", "b", "g", "h"].map((name, i) => [name, normals([6, 3, 6, 3][i], i)]),
    );
    const expected = evaluate(gradients(weighted, [a, b]), feeds);
    expect(evaluate(pullback(outputs, given, [a, b]), feeds)).toEqual(expected);
  });

  it("refuses a gradient of another shape", () => {
    const x = input("x", [2, 3]);
    expect(() => pullback([x], [input("g", [3])], [x])).toThrow(
      new ShapeError("pullback: the gradient of [2, 3] has its shape, found [3]"),
    );
  });
});
