import {
  type ConditionInputs,
  type Conditions,
  conditionAt,
  type Denoiser,
  type DenoiserInputs,
} from "../../diffusion/denoiser.ts";
import { add, mul, sigmoid } from "../../graph/ops/elementwise.ts";
import { concat, shift, split, transpose } from "../../graph/ops/shape.ts";
import { reshape } from "../../graph/ops/stretch.ts";
import { axisSizes } from "../../graph/shape.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { linear } from "../../nn/layers.ts";
import { modulated, zeroLinear } from "../../nn/modulation.ts";
import type { Scope } from "../../nn/parameters.ts";
import { onRows } from "../../nn/rows.ts";
import { conditionVector } from "../denoiser/condition-vector.ts";
import type { DenoiserNetwork, Sizes } from "../denoiser/network.ts";
import type { FullSequenceSettings } from "./settings.ts";

const blockName = (i: number): string => `block${i + 1}`;

/** Numbers of each condition. */
const conditionSizes = ({ width, blocks }: FullSequenceSettings): Readonly<Record<string, number>> =>
  Object.fromEntries([
    ...Array.from({ length: blocks }, (_, i) => [blockName(i), 2 * width]),
    ["output", 2 * width],
  ]);

/** What time step and category do to a drawing: a scale and a shift for each normalisation, [batch, 2 · width]. */
function conditions(
  scope: Scope,
  settings: Sizes<FullSequenceSettings>,
  inputs: ConditionInputs,
): Conditions {
  const vector = conditionVector(scope, inputs, settings.classes, settings.conditionWidth);
  return Object.fromEntries(
    Object.entries(conditionSizes(settings)).map(([place, size]) => [
      place,
      linear(scope.child("modulation").child(place), vector, size),
    ]),
  );
}

/**
 * Dilated convolutions over all points at full length (van den Oord et al. 2016, "WaveNet"; in both directions for
 * diffusion Kong et al. 2021, "DiffWave"): what is noise in a drawing, from the noisy drawing and its conditions. Time
 * and memory are proportional to the points.
 */
function denoise(
  scope: Scope,
  { width, blocks, cycle, pen }: FullSequenceSettings,
  { noisy, known, conditions }: DenoiserInputs,
): Denoiser {
  const [batch, points, channels] = axisSizes("full-sequence", noisy.shape, 3);
  const seen = known ? concat([noisy, reshape(known, [...known.shape, 1])], 2) : noisy;
  // Points come first: a step along the drawing is then one move of the whole batch.
  let h = onRows(transpose(seen, [1, 0, 2]), (rows) => linear(scope.child("input"), rows, width));
  for (let i = 0; i < blocks; i++) {
    const { scale, bias } = halves(conditionAt(conditions, blockName(i)));
    h = add(h, gatedConvolution(scope.child(blockName(i)), modulated(h, scale, bias), 2 ** (i % cycle)));
  }
  const { scale, bias } = halves(conditionAt(conditions, "output"));
  const outputs = pen === "head" ? channels + 1 : channels;
  const rows = onRows(modulated(h, scale, bias), (x) => zeroLinear(scope.child("output"), x, outputs));
  const prediction = transpose(rows, [1, 0, 2]);
  if (pen === "channel") return { prediction };
  const [coordinates, penLogits] = split(prediction, 2, [channels, 1]);
  return { prediction: coordinates, penLogits: reshape(penLogits, [batch, points]) };
}

/** Three taps so many points apart, a gated linear unit (Dauphin et al. 2017), one tap: x [points, batch, width]. */
function gatedConvolution(scope: Scope, x: Tensor, dilation: number): Tensor {
  const [points, batch, width] = axisSizes("gatedConvolution", x.shape, 3);
  const line = reshape(x, [points * batch * width]);
  const moved = (by: number) => reshape(shift(line, by * batch * width), x.shape);
  const taps = concat([moved(dilation), x, moved(-dilation)], 2);
  return onRows(taps, (rows) => {
    const [values, gates] = split(linear(scope.child("taps"), rows, 2 * width), 1, [width, width]);
    return linear(scope.child("mix"), mul(values, sigmoid(gates)), width);
  });
}

/** Scales and shifts [batch, 2 · width], each as [1, batch, width]. */
function halves(both: Tensor): { scale: Tensor; bias: Tensor } {
  const [batch, size] = axisSizes("halves", both.shape, 2);
  const width = size / 2;
  const [scale, bias] = split(both, 1, [width, width]);
  return { scale: reshape(scale, [1, batch, width]), bias: reshape(bias, [1, batch, width]) };
}

export const network: DenoiserNetwork<FullSequenceSettings> = { conditionSizes, conditions, denoise };
