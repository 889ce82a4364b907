import { matmul } from "../graph/ops/matmul.ts";
import { reshape } from "../graph/ops/stretch.ts";
import { ShapeError, showShape } from "../graph/shape.ts";
import { constant, type Tensor } from "../graph/tensor.ts";

/** Halving as a matrix [length, length / 2]: each column averages two neighbours. */
function halving(length: number, weight: number): Tensor {
  const half = length / 2;
  const values = new Float32Array(length * half);
  for (let i = 0; i < length; i++) values[i * half + Math.floor(i / 2)] = weight;
  return constant(values, [length, half]);
}

// Both run as products with a small constant matrix: on ONNX Runtime's CPU faster than its pooling and resizing.
const along = (x: Tensor, matrix: Tensor, transB: boolean): Tensor => {
  const [batch, channels, length] = x.shape;
  const y = matmul(reshape(x, [batch * channels, length]), matrix, { transB });
  return reshape(y, [batch, channels, y.shape[1]]);
};

/** Means of neighbouring pairs: [batch, channels, length] to [batch, channels, length / 2]. */
export function averagePool(x: Tensor): Tensor {
  if (x.shape[2] % 2 !== 0) throw new ShapeError(`averagePool: the length of ${showShape(x.shape)} is odd`);
  return along(x, halving(x.shape[2], 0.5), false);
}

/** Every element twice: [batch, channels, length] to [batch, channels, 2 length]. */
export const upsample = (x: Tensor): Tensor => along(x, halving(2 * x.shape[2], 1), true);
