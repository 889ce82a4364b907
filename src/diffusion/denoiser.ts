import type { Tensor } from "../graph/tensor.ts";

/** What a drawing is to be, whatever it looks like now. */
export interface ConditionInputs {
  /** Time steps 0 .. trainSteps - 1: [batch]. */
  readonly times: Tensor;
  /** Category indices, int64 [batch]; the number of categories stands for "no class". */
  readonly labels: Tensor;
  /** Weights of guidance, [batch], for networks that have it distilled. */
  readonly guidance?: Tensor;
}

/** What time step, category and guidance do to a drawing, by the name of the place in the network. */
export type Conditions = Readonly<Record<string, Tensor>>;

/** What is done at a place in the network; throws an Error where its first part made nothing for it. */
export function conditionAt(conditions: Conditions, place: string): Tensor {
  const condition = conditions[place];
  if (condition === undefined) throw new Error(`the network has no condition "${place}"`);
  return condition;
}

/** What every diffusion network is given. */
export interface DenoiserInputs {
  /** Noisy drawings, [batch, points, channels]. */
  readonly noisy: Tensor;
  /** 1 on points that are known, [batch, points], for networks with prefix conditioning; the noisy drawing is without noise there. */
  readonly known?: Tensor;
  /** What each drawing is told by beside its conditions, [batch, codeSize], for decoders of codes; 0 is no code. */
  readonly code?: Tensor;
  /** What the network's first part made of time step and category, by the name of its place: each [batch, …]. */
  readonly conditions: Conditions;
}

/** What every diffusion network gives. */
export interface Denoiser {
  /** The predicted noise or velocity, [batch, points, channels]. */
  readonly prediction: Tensor;
  /** Logits of "the pen is lifted after this point", [batch, points], where the pen has a head of its own. */
  readonly penLogits?: Tensor;
}
