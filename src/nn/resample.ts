import { repeatPairs, sumPairs } from "../graph/ops/pairs.ts";
import type { Tensor } from "../graph/tensor.ts";

/** Means of neighbouring pairs: [batch, channels, length] to [batch, channels, length / 2]. */
export const averagePool = (x: Tensor): Tensor => sumPairs(x, 0.5);

/** Every element twice: [batch, channels, length] to [batch, channels, 2 length]. */
export const upsample = (x: Tensor): Tensor => repeatPairs(x, 1);
