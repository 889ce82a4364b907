import { cos, mul, sin } from "../graph/ops/elementwise.ts";
import { concat } from "../graph/ops/shape.ts";
import { reshape } from "../graph/ops/stretch.ts";
import { constant, type Tensor } from "../graph/tensor.ts";

/**
 * Sinusoidal embedding of times [batch] as [batch, size]: sines, then cosines, of frequencies
 * exp(-ln(10000) i / (size/2 - 1)) (Vaswani et al. 2017, as used by Ho et al. 2020).
 */
export function sinusoidalEmbedding(times: Tensor, size: number): Tensor {
  const half = size / 2;
  const frequencies = Array.from({ length: half }, (_, i) => Math.exp((-Math.log(10000) * i) / (half - 1)));
  const angles = mul(reshape(times, [times.shape[0], 1]), constant(frequencies, [1, half]));
  return concat([sin(angles), cos(angles)], 1);
}
