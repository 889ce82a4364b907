import { type ConditionInputs, type Conditions, conditionAt } from "../../diffusion/denoiser.ts";
import { add } from "../../graph/ops/elementwise.ts";
import { split, transpose } from "../../graph/ops/shape.ts";
import { reshape } from "../../graph/ops/stretch.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { gatedConvolution } from "../../nn/gated-convolution.ts";
import { linear } from "../../nn/layers.ts";
import { modulated, zeroLinear } from "../../nn/modulation.ts";
import type { Scope } from "../../nn/parameters.ts";
import { onRows } from "../../nn/rows.ts";
import { conditionVector } from "./condition-vector.ts";

/** Sizes of dilated convolutions. */
export interface ConvolutionSizes {
  /** Channels at every point. */
  readonly width: number;
  readonly blocks: number;
  /** Blocks reach 1, 2, 4, … points to each side, so many of them, and then begin anew. */
  readonly cycle: number;
}

const blockName = (i: number): string => `block${i + 1}`;

/** Numbers of each condition: a scale and a shift for each normalisation. */
export const convolutionConditionSizes = ({
  width,
  blocks,
}: Pick<ConvolutionSizes, "width" | "blocks">): Readonly<Record<string, number>> =>
  Object.fromEntries([
    ...Array.from({ length: blocks }, (_, i) => [blockName(i), 2 * width]),
    ["output", 2 * width],
  ]);

/** What time step and category do to a drawing: a scale and a shift for each normalisation, [batch, 2 · width]. */
export function convolutionConditions(
  scope: Scope,
  sizes: Pick<ConvolutionSizes, "width" | "blocks">,
  inputs: ConditionInputs,
  { classes, conditionWidth }: { readonly classes: number; readonly conditionWidth: number },
): Conditions {
  const vector = conditionVector(scope, inputs, classes, conditionWidth);
  return Object.fromEntries(
    Object.entries(convolutionConditionSizes(sizes)).map(([place, size]) => [
      place,
      linear(scope.child("modulation").child(place), vector, size),
    ]),
  );
}

/**
 * Dilated convolutions over all points at full length (van den Oord et al. 2016, "WaveNet"; in both directions for
 * diffusion Kong et al. 2021, "DiffWave"): x [batch, points, channels] to [batch, points, outputs], which starts at 0.
 * Time and memory are proportional to the points.
 */
export function dilatedConvolutions(
  scope: Scope,
  { width, blocks, cycle }: ConvolutionSizes,
  x: Tensor,
  conditions: Conditions,
  outputs: number,
): Tensor {
  // Points come first: a step along the drawing is then one move of the whole batch.
  let h = onRows(transpose(x, [1, 0, 2]), (rows) => linear(scope.child("input"), rows, width));
  for (let i = 0; i < blocks; i++) {
    const { scale, bias } = halves(conditionAt(conditions, blockName(i)), width);
    h = add(h, gatedConvolution(scope.child(blockName(i)), modulated(h, scale, bias), 2 ** (i % cycle)));
  }
  const { scale, bias } = halves(conditionAt(conditions, "output"), width);
  const rows = onRows(modulated(h, scale, bias), (r) => zeroLinear(scope.child("output"), r, outputs));
  return transpose(rows, [1, 0, 2]);
}

/** Scales and shifts [batch, 2 · width], each as [1, batch, width]. */
function halves(both: Tensor, width: number): { scale: Tensor; bias: Tensor } {
  const first = (part: Tensor) => reshape(part, [1, ...part.shape]);
  const [scale, bias] = split(both, 1, [width, width]);
  return { scale: first(scale), bias: first(bias) };
}
