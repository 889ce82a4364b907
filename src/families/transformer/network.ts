import { exactly, type Tuple } from "../../base/tuple.ts";
import {
  type ConditionInputs,
  type Conditions,
  conditionAt,
  type Denoiser,
  type DenoiserInputs,
} from "../../diffusion/denoiser.ts";
import { cumulativeSum } from "../../graph/ops/cumulative.ts";
import { add, max, mul, sigmoid, silu, sub } from "../../graph/ops/elementwise.ts";
import { concat, shift, split } from "../../graph/ops/shape.ts";
import { reshape } from "../../graph/ops/stretch.ts";
import { axisSizes, sizeAt } from "../../graph/shape.ts";
import { constant, scalar, type Tensor } from "../../graph/tensor.ts";
import { linear } from "../../nn/layers.ts";
import { modulated, zeroLinear } from "../../nn/modulation.ts";
import { multiHeadAttention } from "../../nn/multi-head.ts";
import type { Scope } from "../../nn/parameters.ts";
import { rotaryAngles } from "../../nn/rotary.ts";
import { onRows } from "../../nn/rows.ts";
import { sinusoidsOf } from "../../nn/time-embedding.ts";
import { conditionVector } from "../denoiser/condition-vector.ts";
import type { DenoiserNetwork, Sizes } from "../denoiser/network.ts";
import type { TransformerSettings } from "./settings.ts";

/** Scale, shift and gate of a block's attention, then those of its perceptron. */
const MODULATIONS = 6;
/** How a new network takes the noisy pen: at 0, which is half-way, the pen was lifted after a point in five. */
const PEN_SLOPE = 2;
const PEN_BIAS = -1.5;

const blockName = (i: number): string => `block${i + 1}`;

/** Numbers of each condition. */
const conditionSizes = ({
  width,
  blocks,
  strokeIndex,
}: TransformerSettings): Readonly<Record<string, number>> =>
  Object.fromEntries([
    ...Array.from({ length: blocks }, (_, i) => [blockName(i), MODULATIONS * width]),
    ["output", 2 * width],
    ...(strokeIndex ? [["strokes", 2]] : []),
  ]);

/**
 * What time step and category do to a drawing: scale, shift and gate of each branch of each block, and of the output
 * (Peebles and Xie 2023). All start at 0, which leaves a branch as it is.
 */
function conditions(scope: Scope, settings: Sizes<TransformerSettings>, inputs: ConditionInputs): Conditions {
  const vector = conditionVector(scope, inputs, settings.classes, settings.width);
  return Object.fromEntries(
    Object.entries(conditionSizes(settings)).map(([place, size]) => [
      place,
      zeroLinear(scope.child("modulation").child(place), vector, size),
    ]),
  );
}

/** A diffusion transformer over patches of points: what is noise in a drawing, from the noisy drawing and its conditions. */
function denoise(
  scope: Scope,
  settings: TransformerSettings,
  { noisy, known, conditions }: DenoiserInputs,
): Denoiser {
  const { width, blocks, heads, patch, pen } = settings;
  const [batch, points, channels] = axisSizes("transformer", noisy.shape, 3);
  const tokens = points / patch;
  const seen = known ? concat([noisy, reshape(known, [...known.shape, 1])], 2) : noisy;
  const patches = reshape(seen, [batch, tokens, patch * sizeAt("transformer", seen.shape, 2)]);
  const told = settings.strokeIndex
    ? concat([patches, strokeShares(noisy, conditionAt(conditions, "strokes"), patch)], 2)
    : patches;
  const places = Array.from({ length: tokens }, (_, i) => i);
  const embedded = onRows(told, (rows) => linear(scope.child("input"), rows, width));
  const rotary = settings.positions === "rotary";
  const angles = rotary ? rotaryAngles(constant(places, [tokens, 1]), width / heads / 2) : undefined;
  const table = places.flatMap((place) => sinusoidsOf(place, width));
  let h = rotary ? embedded : add(embedded, constant(table, [1, tokens, width]));

  const skips: Tensor[] = [];
  for (let i = 0; i < blocks; i++) {
    const inner = scope.child(blockName(i));
    // Long skips as in U-ViT (Bao et al. 2023): a block of the second half also sees what its mirror image gave.
    const skip = i >= blocks - skips.length ? skips.pop() : undefined;
    if (skip) h = onRows(concat([h, skip], 2), (rows) => linear(inner.child("skip"), rows, width));
    h = block(inner, settings, h, conditionAt(conditions, blockName(i)), angles);
    if (i < Math.floor((blocks - 1) / 2)) skips.push(h);
  }
  const [scale, bias] = parts(conditionAt(conditions, "output"), 2);
  const outputs = pen === "head" ? channels + 1 : channels;
  const rows = onRows(modulated(h, scale, bias), (x) =>
    zeroLinear(scope.child("output"), x, patch * outputs),
  );
  const prediction = reshape(rows, [batch, points, outputs]);
  if (pen === "channel") return { prediction };
  const [coordinates, penLogits] = split(prediction, 2, [channels, 1]);
  return { prediction: coordinates, penLogits: reshape(penLogits, [batch, points]) };
}

/** Attention, then a perceptron, each between a modulated normalisation and a gate. */
function block(
  scope: Scope,
  { width, heads, convolution }: TransformerSettings,
  x: Tensor,
  modulation: Tensor,
  angles: Tensor | undefined,
): Tensor {
  const [scale1, shift1, gate1, scale2, shift2, gate2] = parts(modulation, MODULATIONS);
  const mixed = multiHeadAttention(scope.child("attention"), modulated(x, scale1, shift1), heads, { angles });
  const h = gated(x, mixed, gate1);
  const normalised = modulated(h, scale2, shift2);
  // Three taps and twice the width cost as much as one tap and four times the width.
  const [input, hidden] = convolution ? [withNeighbours(normalised), 2 * width] : [normalised, 4 * width];
  const made = onRows(input, (rows) =>
    linear(scope.child("mlp2"), silu(linear(scope.child("mlp1"), rows, hidden)), width),
  );
  return gated(h, made, gate2);
}

/** x and a branch, which a gate of 0 leaves as it is. */
const gated = (x: Tensor, branch: Tensor, gate: Tensor): Tensor => add(x, mul(branch, add(gate, scalar(1))));

/** Every token between the one before and the one after it, zeros beyond the ends: [batch, tokens, 3 width]. */
function withNeighbours(x: Tensor): Tensor {
  const [batch, tokens, width] = axisSizes("withNeighbours", x.shape, 3);
  const line = reshape(x, [batch, tokens * width]);
  const moved = (by: number) => reshape(shift(line, by * width), x.shape);
  return concat([moved(1), x, moved(-1)], 2);
}

/** Strokes that a patch can tell apart; those behind are as the last. */
const STROKES = 12;

/**
 * How often the pen was lifted up to each patch, [batch, tokens, STROKES]: the share of each whole number, 1 - its
 * distance. The count is the sum of the probabilities that the pen was lifted after a point; how far the noisy pen is to
 * be trusted depends on the time step. No sines: their last bit depends on the place in the batch.
 */
function strokeShares(noisy: Tensor, trust: Tensor, patch: number): Tensor {
  const [batch, points] = axisSizes("strokeShares", noisy.shape, 3);
  const [slope, bias] = split(trust, 1, [1, 1]);
  const pens = reshape(split(noisy, 2, [2, 1])[1], [batch, points]);
  const lifted = sigmoid(add(mul(pens, add(slope, scalar(PEN_SLOPE))), add(bias, scalar(PEN_BIAS))));
  const sums = reshape(cumulativeSum(lifted, 1), [batch, points / patch, patch]);
  const [count] = split(sums, 2, [1, patch - 1]);
  const last = scalar(STROKES - 1);
  const strokes = constant(Array.from(Array(STROKES).keys()), [1, 1, STROKES]);
  const difference = sub(sub(last, max(sub(last, count), scalar(0))), strokes);
  const distance = max(difference, sub(scalar(0), difference));
  return max(sub(scalar(1), distance), scalar(0));
}

/** So many parts of [batch, count · width], each as [batch, 1, width]. */
function parts<Count extends number>(x: Tensor, count: Count): Tuple<Tensor, Count> {
  const [batch, size] = axisSizes("parts", x.shape, 2);
  const width = size / count;
  const pieces = split(x, 1, Array<number>(count).fill(width));
  return exactly(
    pieces.map((piece) => reshape(piece, [batch, 1, width])),
    count,
  );
}

export const network: DenoiserNetwork<TransformerSettings> = { conditionSizes, conditions, denoise };
