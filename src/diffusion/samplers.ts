import { type DdimOptions, ddim } from "./ddim.ts";
import { dpmSolver, dpmTimes } from "./dpm-solver.ts";
import type { Predict, SamplerState } from "./estimate.ts";
import { heun, heunTimes } from "./heun.ts";
import { timeSteps } from "./schedule.ts";

/** How a trajectory from noise to a drawing is walked. */
interface SamplerKind {
  /** The time steps of so many network evaluations, one after the other, and the one where they end. */
  times(trainSteps: number, evaluations: number): number[];
  /** Walks along the `times` of its options; yields after every evaluation. */
  walk(predict: Predict, noise: Float32Array, options: DdimOptions): AsyncGenerator<SamplerState>;
}

/** Ways from noise to a drawing. */
export const samplers = {
  ddim: { times: timeSteps, walk: ddim },
  heun: { times: heunTimes, walk: heun },
  dpm: { times: dpmTimes, walk: dpmSolver(2) },
  dpm1: { times: dpmTimes, walk: dpmSolver(1) },
} as const satisfies Record<string, SamplerKind>;

/** A way from noise to a drawing: DDIM, Heun's method, DPM-Solver++(2M) or, for few-step students, the same of first order. */
export type SamplerName = keyof typeof samplers;
/** The names of all samplers. */
export const samplerNames = Object.keys(samplers) as SamplerName[];

/** The time steps that the network is asked about along a way, each once. */
export const evaluationTimes = (times: readonly number[]): number[] => [...new Set(times.slice(0, -1))];
