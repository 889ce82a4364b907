import type { ConditionInputs } from "../../diffusion/denoiser.ts";
import { add, silu } from "../../graph/ops/elementwise.ts";
import { reshape } from "../../graph/ops/stretch.ts";
import { sizeAt } from "../../graph/shape.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { linear } from "../../nn/layers.ts";
import type { Scope } from "../../nn/parameters.ts";
import { sinusoidalEmbedding } from "../../nn/time-embedding.ts";

/**
 * Time steps as [batch, size], by a perceptron of so many sinusoids; where the network is told the guidance, what it makes
 * of it is added (Meng et al. 2023).
 */
export function timeCondition(
  scope: Scope,
  { times, guidance }: Omit<ConditionInputs, "labels">,
  sinusoids: number,
  size: number,
): Tensor {
  const timeMlp = scope.child("time_mlp");
  const hidden = silu(linear(timeMlp.child("1"), sinusoidalEmbedding(times, sinusoids), size));
  const atTime = linear(timeMlp.child("3"), hidden, size);
  return guidance ? add(atTime, guidanceEmbedding(scope.child("guidance_mlp"), guidance, size)) : atTime;
}

function guidanceEmbedding(scope: Scope, guidance: Tensor, size: number): Tensor {
  const hidden = silu(
    linear(scope.child("1"), reshape(guidance, [sizeAt("guidance", guidance.shape, 0), 1]), size),
  );
  return linear(scope.child("3"), hidden, size);
}

/** The layer whose bias is added to every time. */
export const TIME_BIAS = "time_mlp.3.bias";
/** The layers that the guidance goes through. */
export const GUIDANCE_LAYERS = ["guidance_mlp.1", "guidance_mlp.3"] as const;
