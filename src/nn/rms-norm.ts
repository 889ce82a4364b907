import { mul } from "../graph/ops/elementwise.ts";
import { rmsNormalize } from "../graph/ops/normalize.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Scope } from "./parameters.ts";

const EPSILON = 1e-6;

/** Root mean square normalisation (Zhang and Sennrich 2019) along the last axis, with a learned scale that starts at 1. */
export const rmsNorm = (scope: Scope, x: Tensor): Tensor =>
  mul(rmsNormalize(x, EPSILON), scope.parameter("weight", x.shape.slice(-1), { value: 1 }));
