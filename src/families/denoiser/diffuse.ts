import { at } from "../../base/at.ts";
import type { RandomStream } from "../../base/random.ts";
import type { DdimOptions } from "../../diffusion/ddim.ts";
import type { Predict, SamplerState } from "../../diffusion/estimate.ts";

/** From where drawings begin to where they end. */
export interface Trajectory {
  /** The time steps of the network's evaluations, and the one where they end. */
  readonly times: readonly number[];
  readonly walk: (predict: Predict, x: Float32Array, options: DdimOptions) => AsyncGenerator<SamplerState>;
}

/** Standard normal noise like a drawing. */
export const noiseOf = (stream: RandomStream, size: number): Float32Array =>
  Float32Array.from({ length: size }, () => stream.normal());

/**
 * Walks a trajectory with some drawings; yields after every evaluation.
 * @param begin where the drawing of a stream begins, [size]; what is random on the way comes from its stream too.
 */
export function diffuse(
  predict: Predict,
  { times, walk }: Trajectory,
  streams: readonly RandomStream[],
  begin: (stream: RandomStream) => Float32Array,
  options: Omit<DdimOptions, "times" | "freshNoise">,
): AsyncGenerator<SamplerState> {
  const rows = streams.map(begin);
  const size = at(rows, 0).length;
  const noisy = new Float32Array(rows.length * size);
  for (const [i, row] of rows.entries()) noisy.set(row, i * size);
  const freshNoise = () => {
    const fresh = new Float32Array(noisy.length);
    for (const [row, stream] of streams.entries())
      for (let i = 0; i < size; i++) fresh[row * size + i] = stream.normal();
    return fresh;
  };
  return walk(predict, noisy, { ...options, times, freshNoise });
}
