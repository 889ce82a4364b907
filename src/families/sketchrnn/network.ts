import { at } from "../../base/at.ts";
import { tanh } from "../../graph/ops/elementwise.ts";
import { concat, split } from "../../graph/ops/shape.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { embedding, linear } from "../../nn/layers.ts";
import type { Scope } from "../../nn/parameters.ts";
import { type LstmState, lstm, type Recurrent } from "../../nn/recurrent.ts";
import type { SketchRnnSettings } from "./settings.ts";
import { penStates } from "./stroke5.ts";

/** Numbers that are told at every step. */
export const contextWidth = ({ classWidth, codeWidth = 0 }: SketchRnnSettings): number =>
  classWidth + codeWidth;

/** What a drawing begins with. */
export interface Beginning {
  /** Told at every step, [batch, `contextWidth`]. */
  readonly context: Tensor;
  readonly state: LstmState;
}

/**
 * Of categories [batch]: an embedding, with the drawing's code beside it where there are codes, [batch, codeWidth], and a layer
 * from these to the state before the first step (Ha and Eck 2017, eq. 4).
 */
export function begin(
  scope: Scope,
  { hidden, classWidth }: SketchRnnSettings,
  classes: number,
  labels: Tensor,
  code?: Tensor,
): Beginning {
  const category = embedding(scope.child("class_emb"), labels, classes, classWidth);
  const context = code ? concat([category, code], 1) : category;
  const states = tanh(linear(scope.child("begin"), context, 2 * hidden));
  const halves = split(states, 1, [hidden, hidden]);
  return { context, state: { hidden: at(halves, 0), cell: at(halves, 1) } };
}

/** The decoder on steps [steps, batch, 5]: its hidden state after each. */
export const decode = (
  scope: Scope,
  { hidden }: SketchRnnSettings,
  steps: Tensor,
  { context, state }: Beginning,
  kept?: Tensor,
): Recurrent<LstmState> =>
  lstm(scope.child("lstm"), steps, hidden, { initial: state, context, ...(kept && { kept }) });

/** Logits of the pen's states, [rows, 3], from hidden states [rows, hidden]. */
export const penLogits = (scope: Scope, hidden: Tensor): Tensor =>
  linear(scope.child("pen"), hidden, Object.keys(penStates).length);
