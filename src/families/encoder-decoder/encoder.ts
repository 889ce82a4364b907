import { matmul } from "../../graph/ops/matmul.ts";
import { rmsNormalize } from "../../graph/ops/normalize.ts";
import { transpose } from "../../graph/ops/shape.ts";
import { softmax } from "../../graph/ops/softmax.ts";
import { reshape } from "../../graph/ops/stretch.ts";
import { axisSizes } from "../../graph/shape.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { gatedResiduals } from "../../nn/gated-convolution.ts";
import { linear } from "../../nn/layers.ts";
import type { Scope } from "../../nn/parameters.ts";
import { rmsNorm } from "../../nn/rms-norm.ts";
import { onRows } from "../../nn/rows.ts";
import type { EncoderDecoderSettings } from "./settings.ts";

/** Points apart that the taps of the convolutions lie. */
const DILATIONS = [1, 2, 4, 8];
const EPSILON = 1e-6;

/**
 * Drawings [batch, points, 3] as codes [batch, 1, codeWidth] whose numbers have a mean square of 1: noise of a fixed
 * spread cannot be outgrown.
 */
export function encode(
  scope: Scope,
  { encoderWidth, encoderHeads, codeWidth }: EncoderDecoderSettings,
  drawings: Tensor,
): Tensor {
  const rows = onRows(transpose(drawings, [1, 0, 2]), (x) => linear(scope.child("input"), x, encoderWidth));
  const seen = rmsNorm(scope.child("norm"), gatedResiduals(scope, rows, DILATIONS));
  const pooled = attentionPooling(scope.child("pooling"), seen, encoderHeads);
  const code = rmsNormalize(linear(scope.child("output"), pooled, codeWidth), EPSILON);
  return reshape(code, [...code.shape.slice(0, 1), 1, codeWidth]);
}

/** So many learnt queries each look for what they want among the points (Lee et al. 2019): x [points, batch, width] to [batch, width]. */
function attentionPooling(scope: Scope, x: Tensor, heads: number): Tensor {
  const [points, batch, width] = axisSizes("attentionPooling", x.shape, 3);
  const uniform = 1 / Math.sqrt(width);
  // Without a bias: what is added to all points' scores makes no difference to their shares.
  const queries = scope.parameter("queries", [heads, width], { uniform });
  const scores = onRows(x, (rows) => matmul(rows, queries, { transB: true }));
  const values = onRows(x, (rows) => linear(scope.child("values"), rows, width));
  const weights = softmax(transpose(scores, [1, 2, 0])); // [batch, heads, points]
  const byHead = transpose(reshape(values, [points, batch, heads, width / heads]), [1, 2, 0, 3]);
  return reshape(matmul(reshape(weights, [batch, heads, 1, points]), byHead), [batch, width]);
}
