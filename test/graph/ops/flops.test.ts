import { expect, it } from "vitest";
import { gradients, topologicalOrder } from "../../../src/graph/gradient.ts";
import { conv1d } from "../../../src/graph/ops/conv1d.ts";
import { add, silu } from "../../../src/graph/ops/elementwise.ts";
import { linear } from "../../../src/graph/ops/linear.ts";
import { matmul } from "../../../src/graph/ops/matmul.ts";
import { sum } from "../../../src/graph/ops/stretch.ts";
import { tiledConv1d } from "../../../src/graph/ops/winograd.ts";
import type { Tensor } from "../../../src/graph/tensor.ts";
import { inputAt, of } from "./cases.ts";

const flops = (...tensors: Tensor[]) => topologicalOrder(tensors).reduce((n, node) => n + node.flops(), 0);

it.each([
  ["a product of matrices", 2 * 2 * 3 * 4, matmul(of(2, 3), of(3, 4))],
  ["a transposed one", 2 * 2 * 3 * 4, matmul(of(3, 2), of(4, 3), { transA: true, transB: true })],
  ["a batch of them", 5 * 2 * 2 * 3 * 4, matmul(of(5, 2, 3), of(5, 3, 4))],
  ["a linear layer", 2 * 2 * 3 * 4, linear(of(2, 3), of(4, 3), of(4))],
  ["a convolution", 2 * 2 * 8 * 4 * 3 * 5, conv1d(of(2, 3, 8), of(4, 3, 5), of(4))],
  ["anything else", 0, add(silu(of(3)), of(3))],
])("counts the operations of %s", (_, count, tensor) => expect(flops(tensor)).toBe(count));

it("counts Winograd's convolution as the direct one that it stands for, forward and backward", () => {
  const operands = [[2, 3, 8], [4, 3, 3], [4]].map(inputAt);
  const [x, weight, bias] = operands;
  const [direct, tiled] = [conv1d, tiledConv1d].map((convolve) => convolve(x, weight, bias));
  expect(flops(tiled)).toBe(flops(direct));
  expect(flops(tiled, ...gradients(sum(tiled), operands))).toBe(3 * flops(direct));
});

it("counts forward, input gradient and weight gradient of a convolution alike", () => {
  const operands = [[2, 3, 8], [4, 3, 5], [4]].map(inputAt);
  const [x, weight, bias] = operands;
  const y = conv1d(x, weight, bias);
  expect(flops(y, ...gradients(sum(y), operands))).toBe(3 * flops(y));
});
