import { z } from "zod";
import type { KeysOf } from "../base/check.ts";
import { UserError } from "../base/errors.ts";
import { listed } from "../base/listed.ts";
import { didYouMean } from "../base/nearest.ts";
import { finiteNumber, wholeNumber } from "../base/numbers.ts";
import type { ModelConfig } from "../config/model.ts";
import { type SamplerName, samplerNames } from "../diffusion/samplers.ts";

/** The way from noise to a drawing. */
export interface DrawSettings {
  /** Steps of the sampler, in each of which guidance that is not folded in asks the network twice; the model's own number unless told. */
  readonly steps: number;
  /** Weight of classifier-free guidance, 1 is none; the model's own unless told. */
  readonly guidance: number;
  /** The model's own unless told. */
  readonly sampler: SamplerName;
  /** Fresh noise in every step of DDIM and DPM-Solver++: 0 none, 1 as much as DDPM; the model's own unless told. */
  readonly eta: number;
}

/** What the settings may be; a key's description is its help on the command line. */
export const settingKeys = {
  steps: wholeNumber(1).optional().describe("steps of the sampler; the model's own number unless given"),
  guidance: finiteNumber(0)
    .optional()
    .describe("weight of classifier-free guidance; 1: none; the model's own unless given"),
  sampler: z
    .enum(samplerNames)
    .optional()
    .describe("the way from noise to a drawing, the model's own unless given"),
  eta: finiteNumber(0, 1)
    .optional()
    .describe(
      "fresh noise in every step, but of heun: 0 none, 1 as much as DDPM; the model's own unless given",
    ),
} satisfies KeysOf<Partial<DrawSettings>>;

/** How a model draws: as it is told, else in its own way. Throws a UserError for what it cannot do. */
export function settingsOf(config: ModelConfig, told: Partial<DrawSettings>): DrawSettings {
  const { steps = config.samplingSteps, guidance = config.guidance, sampler = config.sampler } = told;
  const { eta = sampler === "heun" ? 0 : config.eta } = told;
  if (steps > config.diffusionSteps) {
    throw new UserError(
      `steps ${steps}: this model has ${config.diffusionSteps} time steps; take at most that many.`,
    );
  }
  if (config.mostGuidance !== undefined && guidance > config.mostGuidance)
    throw new UserError(
      `guidance ${guidance}: this model has guidance folded in, up to ${config.mostGuidance}; take at most that.`,
    );
  if (eta > 0 && sampler === "heun")
    throw new UserError(
      `eta ${eta}: the sampler heun adds no fresh noise; leave eta out, or take ddim or dpm.`,
    );
  return { steps, guidance, sampler, eta };
}

/** Guidance that is not folded in asks about every drawing with its label, and without. */
export const asksTwice = ({ mostGuidance }: ModelConfig, guidance: number): boolean =>
  guidance !== 1 && mostGuidance === undefined;

/** The model's label of a category; throws a UserError for one that it never learnt. */
export function labelOf({ categories }: ModelConfig, category: string): number {
  const label = categories.indexOf(category);
  if (label >= 0) return label;
  throw new UserError(
    `this model has not learnt "${category}".${didYouMean(category, categories)} It draws ${listed(categories)}.`,
  );
}
