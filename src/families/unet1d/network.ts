import {
  type ConditionInputs,
  type Conditions,
  conditionAt,
  type Denoiser,
  type DenoiserInputs,
} from "../../diffusion/denoiser.ts";
import { add, silu } from "../../graph/ops/elementwise.ts";
import { concat, split, transpose } from "../../graph/ops/shape.ts";
import { reshape } from "../../graph/ops/stretch.ts";
import { type Order, TILE } from "../../graph/order.ts";
import { axisSizes, sizeAt } from "../../graph/shape.ts";
import { scalar, type Tensor } from "../../graph/tensor.ts";
import { selfAttention } from "../../nn/attention.ts";
import { type Affine, followedBy, groupNorm, normAffine } from "../../nn/group-norm.ts";
import { conv1d, embedding, linear } from "../../nn/layers.ts";
import type { Scope } from "../../nn/parameters.ts";
import { averagePool, upsample } from "../../nn/resample.ts";
import type { DenoiserNetwork, Sizes } from "../denoiser/network.ts";
import { timeCondition } from "../denoiser/time-condition.ts";
import type { UNet1dSettings } from "./settings.ts";

/**
 * The order to train in. Networks of less than 64 channels lose more by Winograd's transforms than they gain; a quarter of
 * the length needs whole tiles.
 */
const trainingOrder = ({ baseChannels, points }: UNet1dSettings): Order =>
  baseChannels >= 64 && points % (4 * TILE) === 0 ? "tiles" : "natural";

/** Residual blocks in their order, and their channels in multiples of the base. */
const BLOCKS = {
  down1: 1,
  down2: 2,
  down3: 2,
  down4: 4,
  mid1: 4,
  mid2: 4,
  up_conv1: 2,
  up_conv2: 2,
  up_conv3: 1,
  up_conv4: 1,
} as const;

type Block = keyof typeof BLOCKS;

/** Numbers of each condition. */
const conditionSizes = ({ baseChannels }: UNet1dSettings): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(BLOCKS).map(([name, factor]) => [name, 2 * factor * baseChannels]));

/**
 * What time step and category do to a drawing: for each block the scales and shifts of its first normalisation, FiLM by
 * time and by class included, [batch, 2 · channels]. They depend on no drawing, so that they are computed for a whole
 * batch, or for all steps of a sampler, at once.
 */
function conditions(
  scope: Scope,
  { baseChannels: base, classes }: Sizes<UNet1dSettings>,
  inputs: ConditionInputs,
): Conditions {
  const size = 2 * base;
  const time = timeCondition(scope, inputs, base, size);
  const category = embedding(scope.child("class_emb"), inputs.labels, classes + 1, size);
  const affineOf = (block: Scope, channels: number) => {
    const byTime = film(block.child("time_mlp"), time, channels);
    const byClass = film(block.child("class_mlp"), category, channels);
    const { scale, shift } = followedBy(
      followedBy(normAffine(block.child("norm1"), channels), byTime),
      byClass,
    );
    return reshape(concat([scale, shift], 1), [sizeAt("conditions", inputs.times.shape, 0), 2 * channels]);
  };
  return Object.fromEntries(
    Object.entries(BLOCKS).map(([name, factor]) => [name, affineOf(scope.child(name), factor * base)]),
  );
}

/** What is noise in a drawing, and pen logits, from the noisy drawing and its conditions. */
function denoise(
  scope: Scope,
  config: Sizes<UNet1dSettings>,
  { noisy, known, conditions }: DenoiserInputs,
  order: Order,
): Denoiser {
  const { baseChannels: base, attentionHeads, normGroups } = config;
  const block = (name: Block, x: Tensor) =>
    residualBlock(scope.child(name), x, conditionAt(conditions, name), normGroups, order);
  const attention = (name: string, x: Tensor) =>
    selfAttention(scope.child(name), x, attentionHeads, normGroups);

  const seen = known ? concat([noisy, reshape(known, [...known.shape, 1])], 2) : noisy;
  let h = conv1d(scope.child("input_proj"), channelsFirst(seen, order), base, 1);
  h = block("down1", h);
  const skipA = block("down2", h);
  h = attention("attn1", block("down3", averagePool(skipA, order)));
  const skipB = block("down4", h);
  h = block("mid1", averagePool(skipB, order));
  h = block("mid2", attention("mid_attn", h));
  h = block("up_conv1", concat([upsample(h, order), skipB], 1));
  h = attention("attn2", block("up_conv2", h));
  h = block("up_conv3", concat([upsample(h, order), skipA], 1));
  h = block("up_conv4", h);

  const channels = sizeAt("unet1d", noisy.shape, 2);
  const prediction = channelsLast(conv1d(scope.child("output_proj"), h, channels, 1), order);
  if (config.pen === "channel") return { prediction };
  const penHead = scope.child("pen_head");
  const penHidden = silu(conv1d(penHead.child("0"), h, base / 2, 1));
  const penLogits = channelsLast(conv1d(penHead.child("2"), penHidden, 1, 1), order);
  return { prediction, penLogits: reshape(penLogits, penLogits.shape.slice(0, 2)) };
}

/** [batch, points, channels] to [batch, channels, points] with the points in an order, and back. */
function channelsFirst(x: Tensor, order: Order): Tensor {
  const [batch, points, channels] = axisSizes("channelsFirst", x.shape, 3);
  if (order === "natural") return transpose(x, [0, 2, 1]);
  const tiles = reshape(x, [batch, points / TILE, TILE, channels]);
  return reshape(transpose(tiles, [0, 3, 2, 1]), [batch, channels, points]);
}

function channelsLast(x: Tensor, order: Order): Tensor {
  const [batch, channels, points] = axisSizes("channelsLast", x.shape, 3);
  if (order === "natural") return transpose(x, [0, 2, 1]);
  const tiles = reshape(x, [batch, channels, TILE, points / TILE]);
  return reshape(transpose(tiles, [0, 3, 2, 1]), [batch, points, channels]);
}

/** conv, norm with the condition's scale and shift, SiLU, conv, norm, SiLU, plus the input. */
function residualBlock(scope: Scope, x: Tensor, condition: Tensor, normGroups: number, order: Order): Tensor {
  const channels = sizeAt("residualBlock", condition.shape, 1) / 2;
  let h = conv1d(scope.child("conv1"), x, channels, 3, order);
  h = groupNorm(h, normGroups, halves(condition), true);
  h = conv1d(scope.child("conv2"), h, channels, 3, order);
  h = groupNorm(h, normGroups, normAffine(scope.child("norm2"), channels), true);
  return add(h, x.shape[1] === channels ? x : conv1d(scope.child("skip"), x, channels, 1));
}

/** Feature-wise linear modulation (Perez et al. 2018): h (1 + s) + b with (s, b) a linear map of the condition. */
function film(scope: Scope, condition: Tensor, channels: number): Affine {
  const { scale, shift } = halves(linear(scope, condition, 2 * channels));
  return { scale: add(scale, scalar(1)), shift };
}

/** Scales and shifts [batch, 2 · channels], each as [batch, channels, 1]. */
function halves(both: Tensor): Affine {
  const [batch, size] = axisSizes("halves", both.shape, 2);
  const channels = size / 2;
  const [scale, shift] = split(both, 1, [channels, channels]);
  return { scale: reshape(scale, [batch, channels, 1]), shift: reshape(shift, [batch, channels, 1]) };
}

/** The seed's ConditionalUNet1D. */
export const network: DenoiserNetwork<UNet1dSettings> = {
  conditionSizes,
  conditions,
  denoise,
  trainingOrder,
};
