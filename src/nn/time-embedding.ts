import { cos, mul, sin } from "../graph/ops/elementwise.ts";
import { concat } from "../graph/ops/shape.ts";
import { reshape } from "../graph/ops/stretch.ts";
import { ShapeError, sizeAt } from "../graph/shape.ts";
import { constant, type Tensor } from "../graph/tensor.ts";

/**
 * Sinusoidal embedding of times [batch] as [batch, size]: sines, then cosines, of frequencies
 * exp(-ln(10000) i / (size/2 - 1)), size even and at least 4 (Vaswani et al. 2017, as used by Ho et al. 2020).
 */
export function sinusoidalEmbedding(times: Tensor, size: number): Tensor {
  if (size % 2 !== 0 || size < 4) {
    throw new ShapeError(`sinusoidalEmbedding: needs an even size of at least 4, found ${size}`);
  }
  const frequencies = frequenciesOf(size);
  const angles = mul(
    reshape(times, [sizeAt("sinusoidalEmbedding", times.shape, 0), 1]),
    constant(frequencies, [1, frequencies.length]),
  );
  return concat([sin(angles), cos(angles)], 1);
}

/** The embedding of one time, as numbers. */
export function sinusoidsOf(time: number, size: number): number[] {
  const angles = frequenciesOf(size).map((frequency) => time * frequency);
  return [...angles.map(Math.sin), ...angles.map(Math.cos)];
}

const frequenciesOf = (size: number): number[] =>
  Array.from({ length: size / 2 }, (_, i) => Math.exp((-Math.log(10000) * i) / (size / 2 - 1)));
