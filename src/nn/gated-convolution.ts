import { add, mul, sigmoid } from "../graph/ops/elementwise.ts";
import { concat, shift, split } from "../graph/ops/shape.ts";
import { reshape } from "../graph/ops/stretch.ts";
import { axisSizes } from "../graph/shape.ts";
import type { Tensor } from "../graph/tensor.ts";
import { linear } from "./layers.ts";
import type { Scope } from "./parameters.ts";
import { rmsNorm } from "./rms-norm.ts";
import { onRows } from "./rows.ts";

/** Three taps so many places apart, a gated linear unit (Dauphin et al. 2017), one tap: x [length, batch, width]. */
export function gatedConvolution(scope: Scope, x: Tensor, dilation: number): Tensor {
  const [length, batch, width] = axisSizes("gatedConvolution", x.shape, 3);
  // The length comes first: a step along it is one move of the whole batch.
  const line = reshape(x, [length * batch * width]);
  const moved = (by: number) => reshape(shift(line, by * batch * width), x.shape);
  const taps = concat([moved(dilation), x, moved(-dilation)], 2);
  return onRows(taps, (rows) => {
    const [values, gates] = split(linear(scope.child("taps"), rows, 2 * width), 1, [width, width]);
    return linear(scope.child("mix"), mul(values, sigmoid(gates)), width);
  });
}

/** Gated convolutions, one for each dilation, each of what was normalised and added to it: x [length, batch, width]. */
export const gatedResiduals = (scope: Scope, x: Tensor, dilations: readonly number[]): Tensor =>
  dilations.reduce((h, dilation, i) => {
    const inner = scope.child(`block${i + 1}`);
    return add(h, gatedConvolution(inner, rmsNorm(inner.child("norm"), h), dilation));
  }, x);
