import { add } from "../graph/ops/elementwise.ts";
import { matmul } from "../graph/ops/matmul.ts";
import { split } from "../graph/ops/shape.ts";
import { softmax } from "../graph/ops/softmax.ts";
import { reshape } from "../graph/ops/stretch.ts";
import { axisSizes, ShapeError, showShape } from "../graph/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { groupNorm, normAffine } from "./group-norm.ts";
import { conv1d } from "./layers.ts";
import type { Scope } from "./parameters.ts";

/** Multi-head self-attention (Vaswani et al. 2017) between the positions of x [batch, channels, length], added to x. */
export function selfAttention(scope: Scope, x: Tensor, heads: number, groups: number): Tensor {
  const [batch, channels, length] = axisSizes("selfAttention", x.shape, 3);
  if (channels % heads !== 0) {
    throw new ShapeError(`selfAttention: ${heads} heads do not divide the channels of ${showShape(x.shape)}`);
  }
  const perHead = channels / heads;
  const h = groupNorm(x, groups, normAffine(scope.child("norm"), channels), false);
  const qkv = conv1d(scope.child("qkv"), h, 3 * channels, 1);
  const perHeads = (part: Tensor) => reshape(part, [batch, heads, perHead, length]);
  const [q, k, v] = split(qkv, 1, [channels, channels, channels]);
  const products = matmul(perHeads(q), perHeads(k), { transA: true, alpha: 1 / Math.sqrt(perHead) });
  const weights = softmax(products); // [batch, heads, to, from]
  const mixed = matmul(perHeads(v), weights, { transB: true }); // [batch, heads, perHead, length]
  return add(x, conv1d(scope.child("proj"), reshape(mixed, x.shape), channels, 1));
}
