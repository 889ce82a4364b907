import type { ConditionInputs } from "../../diffusion/denoiser.ts";
import { add, silu } from "../../graph/ops/elementwise.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { embedding } from "../../nn/layers.ts";
import type { Scope } from "../../nn/parameters.ts";
import { timeCondition } from "./time-condition.ts";

/** Sinusoids that a time step is told by. */
const SINUSOIDS = 128;

/** Time step, category and, where given, guidance as one vector a drawing, SiLU included: [batch, size]. */
export function conditionVector(
  scope: Scope,
  inputs: ConditionInputs,
  classes: number,
  size: number,
): Tensor {
  const time = timeCondition(scope, inputs, SINUSOIDS, size);
  return silu(add(time, embedding(scope.child("class_emb"), inputs.labels, classes + 1, size)));
}
