import { add } from "../graph/ops/elementwise.ts";
import { matmul } from "../graph/ops/matmul.ts";
import { rmsNormalize } from "../graph/ops/normalize.ts";
import { split, transpose } from "../graph/ops/shape.ts";
import { softmax } from "../graph/ops/softmax.ts";
import { reshape } from "../graph/ops/stretch.ts";
import { axisSizes } from "../graph/shape.ts";
import { constant, type Tensor } from "../graph/tensor.ts";
import { linear } from "./layers.ts";
import type { Scope } from "./parameters.ts";
import { rotate } from "./rotary.ts";
import { onRows } from "./rows.ts";

const EPSILON = 1e-6;

export interface MultiHeadOptions {
  /** Rotary positions of queries and keys, [tokens, width / heads / 2]. */
  readonly angles?: Tensor | undefined;
  /** A token sees itself and those before it. */
  readonly causal?: boolean;
}

/**
 * Multi-head self-attention (Vaswani et al. 2017) of tokens [batch, tokens, width]; queries and keys are normalised, so that
 * no softmax saturates (Henry et al. 2020).
 */
export function multiHeadAttention(
  scope: Scope,
  x: Tensor,
  heads: number,
  { angles, causal = false }: MultiHeadOptions = {},
): Tensor {
  const [batch, tokens, width] = axisSizes("multiHeadAttention", x.shape, 3);
  const size = width / heads;
  const rows = onRows(x, (r) => linear(scope.child("qkv"), r, 3 * width));
  const byHead = transpose(reshape(rows, [batch, tokens, 3 * heads, size]), [0, 2, 1, 3]);
  const [qk, v] = split(byHead, 1, [2 * heads, heads]);
  const unit = rmsNormalize(qk, EPSILON);
  const [q, k] = split(angles ? rotate(unit, angles) : unit, 1, [heads, heads]);
  const scores = matmul(q, k, { transB: true, alpha: 1 / Math.sqrt(size) }); // [batch, heads, to, from]
  const weights = softmax(causal ? add(scores, later(tokens)) : scores);
  const mixed = transpose(matmul(weights, v), [0, 2, 1, 3]);
  return onRows(reshape(mixed, x.shape), (r) => linear(scope.child("proj"), r, width));
}

/** So low that its exponential is 0 beside that of any score. */
const NEVER = -1e9;

/** What hides later tokens: [to, from]. */
const later = (tokens: number): Tensor =>
  constant(
    Array.from({ length: tokens ** 2 }, (_, i) => (i % tokens > Math.floor(i / tokens) ? NEVER : 0)),
    [tokens, tokens],
  );
