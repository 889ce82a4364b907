import { at } from "../../base/at.ts";
import { cosineSchedule } from "../../diffusion/schedule.ts";
import { add, mul, sqrt, sub } from "../../graph/ops/elementwise.ts";
import { split } from "../../graph/ops/shape.ts";
import { expand, reshape } from "../../graph/ops/stretch.ts";
import { scalar, type Tensor } from "../../graph/tensor.ts";
import type { NoiseSource } from "../sketchrnn/head.ts";
import { TIME_STEPS } from "./settings.ts";

/** Noises that each offset is learnt with in a training step; the decoder is computed once for all (Li et al. 2024, section 4.2). */
export const NOISES = 4;
/** Time step, ᾱ, and the noise of both coordinates. */
const NUMBERS = 4;

/** ᾱ of all time steps. */
export const { alphaBars } = cosineSchedule(TIME_STEPS);

/** Time steps with their noise, all equally often. */
export const noise: NoiseSource<unknown> = {
  size: () => NOISES * NUMBERS,
  draw: (_, stream) =>
    Array.from({ length: NOISES }, () => {
      const t = Math.floor(stream.uniform() * TIME_STEPS);
      return [t, at(alphaBars, t), stream.normal(), stream.normal()];
    }).flat(),
};

/** Each row `NOISES` times, one under the other: [rows, width] to [rows · NOISES, width]. */
export const repeated = (x: Tensor, rows: number, width: number): Tensor =>
  reshape(expand(reshape(x, [rows, 1, width]), [rows, NOISES, width]), [rows * NOISES, width]);

/** Offsets under noise. */
export interface Noised {
  /** [rows · NOISES, 2]. */
  readonly noisy: Tensor;
  /** [rows · NOISES]. */
  readonly times: Tensor;
  /** v = √ᾱ ε - √(1-ᾱ) x0 (Salimans and Ho 2022, appendix D), [rows · NOISES, 2]. */
  readonly velocity: Tensor;
}

/** Puts offsets [rows, 2] under their noise [rows, size]. */
export function noised(offset: Tensor, given: Tensor, rows: number): Noised {
  const [times, alphaBar, epsilon] = split(reshape(given, [rows * NOISES, NUMBERS]), 1, [1, 1, 2]);
  const x0 = repeated(offset, rows, 2);
  const signal = sqrt(alphaBar);
  const spread = sqrt(sub(scalar(1), alphaBar));
  return {
    noisy: add(mul(signal, x0), mul(spread, epsilon)),
    times: reshape(times, [rows * NOISES]),
    velocity: sub(mul(signal, epsilon), mul(spread, x0)),
  };
}
