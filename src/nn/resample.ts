import { mean } from "../graph/ops/mean.ts";
import { repeatPairs, sumPairs } from "../graph/ops/pairs.ts";
import { transpose } from "../graph/ops/shape.ts";
import { reshape } from "../graph/ops/stretch.ts";
import type { Order } from "../graph/order.ts";
import { axisSizes } from "../graph/shape.ts";
import type { Tensor } from "../graph/tensor.ts";

/** Means of neighbouring pairs: [batch, channels, length] to [batch, channels, length / 2]. */
export const averagePool = (x: Tensor, order?: Order): Tensor => sumPairs(x, 0.5, order);

/** Every element twice: [batch, channels, length] to [batch, channels, 2 length]. */
export const upsample = (x: Tensor, order?: Order): Tensor => repeatPairs(x, 1, order);

/** Means of squares of 2 x 2 pixels: [batch, channels, height, width] to [batch, channels, height / 2, width / 2]. */
export function averagePool2d(x: Tensor): Tensor {
  const [batch, channels, height, width] = axisSizes("averagePool2d", x.shape, 4);
  const squares = reshape(x, [batch, channels, height / 2, 2, width / 2, 2]);
  return reshape(mean(squares, [3, 5]), [batch, channels, height / 2, width / 2]);
}

/** Squares of 2 x 2 pixels as channels: [batch, channels, height, width] to [batch, 4 channels, height / 2, width / 2]. */
export function spaceToDepth(x: Tensor): Tensor {
  const [batch, channels, height, width] = axisSizes("spaceToDepth", x.shape, 4);
  const squares = reshape(x, [batch, channels, height / 2, 2, width / 2, 2]);
  return reshape(transpose(squares, [0, 1, 3, 5, 2, 4]), [batch, 4 * channels, height / 2, width / 2]);
}
