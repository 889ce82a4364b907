import { add, mul, silu } from "../../graph/ops/elementwise.ts";
import { split } from "../../graph/ops/shape.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { linear } from "../../nn/layers.ts";
import { modulated, zeroLinear } from "../../nn/modulation.ts";
import type { Scope } from "../../nn/parameters.ts";
import { sinusoidalEmbedding } from "../../nn/time-embedding.ts";
import type { DiffusionSettings } from "./settings.ts";

/** Sinusoids that a time step is told by. */
const SINUSOIDS = 64;

/** Noisy offsets and what is known of them. */
export interface NoisyOffsets {
  /** [rows, 2]. */
  readonly noisy: Tensor;
  /** Time steps, [rows]. */
  readonly times: Tensor;
  /** What the decoder says of each, [rows, headWidth]. */
  readonly condition: Tensor;
}

/**
 * The velocity of noisy offsets, [rows, 2], by a small perceptron whose normalisations are told time step and condition
 * (AdaLN-Zero; Li et al. 2024, "Autoregressive image generation without vector quantization", section 3.4).
 */
export function denoise(
  scope: Scope,
  { headWidth, headBlocks }: DiffusionSettings,
  { noisy, times, condition }: NoisyOffsets,
): Tensor {
  const time = linear(scope.child("time"), sinusoidalEmbedding(times, SINUSOIDS), headWidth);
  const told = silu(add(time, condition));
  let h = linear(scope.child("input"), noisy, headWidth);
  for (let i = 1; i <= headBlocks; i++) h = block(scope.child(`block${i}`), h, told, headWidth);
  const modulation = zeroLinear(scope.child("modulation"), told, 2 * headWidth);
  const [scale, shift] = split(modulation, 1, [headWidth, headWidth]);
  return zeroLinear(scope.child("velocity"), modulated(h, scale, shift), 2);
}

/** A residual block; in the beginning it adds nothing. */
function block(scope: Scope, x: Tensor, told: Tensor, width: number): Tensor {
  const modulation = zeroLinear(scope.child("modulation"), told, 3 * width);
  const [scale, shift, gate] = split(modulation, 1, [width, width, width]);
  const inner = silu(linear(scope.child("first"), modulated(x, scale, shift), width));
  return add(x, mul(gate, linear(scope.child("second"), inner, width)));
}
