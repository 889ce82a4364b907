import { describe, expect, it } from "vitest";
import { gradients } from "../../../src/graph/gradient.ts";
import { toOnnx } from "../../../src/graph/onnx/model.ts";
import { accumulate } from "../../../src/graph/ops/accumulate.ts";
import { add, mul, silu, sub } from "../../../src/graph/ops/elementwise.ts";
import { gatherRows } from "../../../src/graph/ops/gather.ts";
import { linear } from "../../../src/graph/ops/linear.ts";
import { matmul } from "../../../src/graph/ops/matmul.ts";
import { sum } from "../../../src/graph/ops/stretch.ts";
import { ShapeError } from "../../../src/graph/shape.ts";
import { input, scalar, type Tensor } from "../../../src/graph/tensor.ts";
import { compile } from "../../../src/runtime/program.ts";
import { expectClose, normals } from "../check.ts";
import { readModel } from "../onnx/read.ts";

/** A layer's squared error on so many rows, its gradients, and what does not depend on the rows. */
function layer(rows: number) {
  const [x, target] = [input("x", [rows, 3]), input("target", [rows, 2])];
  const labels = input("labels", [rows], "int64");
  const [table, weight, bias] = [input("table", [4, 3]), input("weight", [2, 3]), input("bias", [2])];
  const squared = mul(weight, weight);
  const difference = sub(linear(silu(add(x, gatherRows(table, labels))), squared, bias), target);
  const loss = sum(mul(difference, difference));
  const parameters = [table, weight, bias];
  return { parts: [x, target, labels], outputs: [loss, ...gradients(loss, parameters), squared, scalar(2)] };
}

const sumsOf = (outputs: readonly Tensor[], parts: readonly Tensor[], wholes: readonly Tensor[]) =>
  accumulate({ sums: outputs, stacks: [] }, parts, wholes).sums;

const named = (outputs: readonly Tensor[]) => Object.fromEntries(outputs.map((y, i) => [`y${i}`, y]));

describe("sums over pieces", () => {
  const rows = 6;
  const feeds = {
    x: normals(rows * 3, 0),
    target: normals(rows * 2, 1),
    labels: BigInt64Array.of(0n, 3n, 1n, 1n, 2n, 0n),
    table: normals(12, 2),
    weight: normals(6, 3),
    bias: normals(2, 4),
  };

  it.each([1, 2, 3, 6])("%i of them give what the whole gives", async (pieces) => {
    const whole = layer(rows);
    const direct = await compile(named(whole.outputs));
    const expected = await direct.run(feeds);
    const { parts, outputs } = layer(rows / pieces);
    const summed = await compile(named(sumsOf(outputs, parts, whole.parts)));
    const actual = await summed.run(feeds);
    for (const [i] of outputs.entries()) {
      // What depends on no part is counted once a piece.
      const times = i < outputs.length - 2 ? 1 : pieces;
      const scaled = Array.from(expected[`y${i}`], (value) => times * value);
      expectClose(actual[`y${i}`], scaled, 1e-6, `output ${i}`);
    }
    await direct.dispose();
    await summed.dispose();
  });

  it.each([1, 3])("%i of them, one behind the other", async (pieces) => {
    const squares = (size: number) => {
      const x = input("x", [size, 2]);
      return { x, square: mul(x, x) };
    };
    const [part, whole] = [squares(6 / pieces), squares(6)];
    const { sums, stacks } = accumulate(
      { sums: [sum(part.square)], stacks: [part.square] },
      [part.x],
      [whole.x],
    );
    const program = await compile({ total: sums[0], stacked: stacks[0] });
    const { total, stacked } = await program.run({ x: Float32Array.from({ length: 12 }, (_, i) => i) });
    expect([...stacked]).toEqual(Array.from({ length: 12 }, (_, i) => i * i));
    expect([...total]).toEqual([506]);
    await program.dispose();
  });

  it("what depends on no part is computed once, outside of the loop", () => {
    const { parts, outputs } = layer(2);
    const { nodes } = readModel(toOnnx(named(sumsOf(outputs, parts, layer(rows).parts))));
    expect(nodes.map(({ type }) => type).filter((type) => type === "Mul" || type === "Loop")).toEqual([
      "Mul",
      "Loop",
    ]);
  });

  it("counts the multiplications of every piece", () => {
    const part = input("part", [2, 3]);
    const [total] = sumsOf([matmul(part, input("w", [3, 4]))], [part], [input("x", [10, 3])]);
    expect(total.node.flops()).toBe(5 * 2 * 2 * 3 * 4);
  });
});

it.each([
  ["float32 [5, 3] is not 2.5 pieces of float32 [2, 3]", [2, 3], [5, 3]],
  ["float32 [4, 4] is not 2 pieces of float32 [2, 3]", [2, 3], [4, 4]],
])("refuses what cannot be cut: %s", (message, part, whole) => {
  const x = input("part", part);
  const use = () => sumsOf([sum(x)], [x], [input("x", whole)]);
  expect(use).toThrow(new ShapeError(`accumulate: ${message}`));
});
