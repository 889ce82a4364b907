import { sizeOf } from "../shape.ts";
import { scalar, type Tensor } from "../tensor.ts";
import { mul } from "./elementwise.ts";
import { sum } from "./stretch.ts";

/** Mean over `axes` (all of them when left out); the averaged axes stay with size 1. */
export function mean(x: Tensor, axes?: readonly number[]): Tensor {
  const total = sum(x, axes);
  return mul(total, scalar(sizeOf(total.shape) / sizeOf(x.shape)));
}
