import type { RandomStream } from "../../base/random.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Scope } from "../../nn/parameters.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { Initializers } from "../../runtime/session.ts";
import type { Part } from "./part.ts";
import type { SketchRnnDraws, SketchRnnSettings } from "./settings.ts";

/** What a decoder says of the next offset, and how that is learnt and drawn. */
export interface Head<
  S extends SketchRnnSettings = SketchRnnSettings,
  D extends SketchRnnDraws = SketchRnnDraws,
> {
  /** From hidden states [rows, hidden] to what is said of the next offset, [rows, `width`]. */
  output(scope: Scope, settings: S, hidden: Tensor): Tensor;
  /** Numbers of an output. */
  width(settings: S): number;
  /** How far an output is from the offset that came, [rows, 2]: [rows, 1]. `noise` is [rows, size], where there is any. */
  error(scope: Scope, settings: S, output: Tensor, offset: Tensor, noise: Tensor | undefined): Tensor;
  /** What learning a step needs of random numbers; nothing where left out. */
  readonly noise?: NoiseSource<S>;
  /** The network that draws offsets from outputs, where there is one. */
  build?(settings: S, rows: number): Part<string>;
  /** @param rows drawings that are drawn at once */
  open(settings: S, weights: Initializers, runtime: Runtime, rows: number): Promise<OffsetSampler<D>>;
}

/** Random numbers of every step of a training drawing. */
export interface NoiseSource<S> {
  /** How many of a step. */
  size(settings: S): number;
  /** Those of one step. */
  draw(settings: S, stream: RandomStream): readonly number[];
}

/** Draws the next offsets. */
export interface OffsetSampler<D> {
  /**
   * @param outputs [rows, width]
   * @param streams one a row; each gives what is random of its row, and nothing of others'
   * @returns [rows, 2]
   */
  next(outputs: Float32Array, streams: readonly RandomStream[], draws: D): Promise<Float32Array>;
  dispose(): Promise<void>;
}
