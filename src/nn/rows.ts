import { reshape } from "../graph/ops/stretch.ts";
import { axisSizes, sizeAt } from "../graph/shape.ts";
import type { Tensor } from "../graph/tensor.ts";

/** A layer on rows, applied to every position of x [a, b, in]: [a, b, out]. One large product instead of many small ones. */
export function onRows(x: Tensor, layer: (rows: Tensor) => Tensor): Tensor {
  const [a, b, inputs] = axisSizes("onRows", x.shape, 3);
  const rows = layer(reshape(x, [a * b, inputs]));
  return reshape(rows, [a, b, sizeAt("onRows", rows.shape, 1)]);
}
