import type { Tensor } from "../graph/tensor.ts";
import type { Parameter } from "../nn/parameters.ts";
import type { Feeds } from "../runtime/session.ts";

/** Losses of a batch by name: `loss` is what training makes small, the others are shown beside it. */
export type Losses = Readonly<Record<string, number>> & { readonly loss: number };

/** A network and its losses on a micro-batch, each a mean over the micro-batch's drawings. */
export interface LossGraph {
  readonly parameters: readonly Parameter[];
  readonly losses: Readonly<Record<string, Tensor>> & { readonly loss: Tensor };
  /**
   * Inputs of the losses, by name, that are themselves computed, for the whole batch before its micro-batches; the
   * drawings are their first axis.
   */
  readonly ahead?: Readonly<Record<string, Tensor>>;
}

/** Something to be learnt from drawings. */
export interface Task {
  /** Training drawings; a batch names them by their places 0 .. drawings - 1. */
  readonly drawings: number;
  /** Arrays that tell the training drawings from others; a checkpoint keeps their hash. */
  readonly content: Iterable<ArrayBufferView>;
  /** Settings that weights and batches belong to: a run cannot go on with others. */
  readonly bound: Readonly<Record<string, unknown>>;
  /** Weights to begin with; random ones where left out. */
  readonly start?: Float32Array;
  /** For micro-batches of a batch. */
  lossGraph(microBatch: number, batch: number): LossGraph;
  /**
   * What the graph is fed at a step (counted over the whole stage): every array holds the drawings in order. It depends
   * on nothing but the step and the members, so that a resumed run goes on with the same batches.
   */
  makeBatch(members: Uint32Array, step: number): Feeds;
}

/** The loss on drawings that nothing is learnt from, for a network's parameters and what else its graph is fed. */
export interface HeldOutLoss {
  readonly loss: Tensor;
  readonly feeds: Feeds;
}
