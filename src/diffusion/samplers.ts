import { ddim } from "./ddim.ts";
import { dpmSolver, dpmTimes } from "./dpm-solver.ts";
import { heun, heunIntervals } from "./heun.ts";
import { timeSteps } from "./schedule.ts";

/** Ways from noise to a drawing, each by so many network evaluations. */
export const samplers = { ddim, heun, dpm: dpmSolver(2), dpm1: dpmSolver(1) } as const;

/** A way from noise to a drawing: DDIM, Heun's method, DPM-Solver++(2M) or, for few-step students, the same of first order. */
export type SamplerName = keyof typeof samplers;
/** The names of all samplers. */
export const samplerNames = Object.keys(samplers) as SamplerName[];

/** The time steps that a sampler asks the network about. */
export function evaluationTimes(name: SamplerName, trainSteps: number, evaluations: number): number[] {
  if (name === "dpm" || name === "dpm1") return dpmTimes(trainSteps, evaluations).slice(0, evaluations);
  const intervals = name === "heun" ? heunIntervals(evaluations) : evaluations;
  return timeSteps(trainSteps, intervals).slice(0, intervals);
}
