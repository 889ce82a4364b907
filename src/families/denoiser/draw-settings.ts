import { z } from "zod";
import type { KeysOf } from "../../base/check.ts";
import { UserError } from "../../base/errors.ts";
import { wholeNumber } from "../../base/numbers.ts";
import { labelOf } from "../label.ts";
import {
  type DrawRequest,
  type DrawSettings,
  drawKeys,
  followingKeys,
  MOST_DRAWINGS,
  seedKey,
} from "../request.ts";
import type { RowSettings } from "./network.ts";
import type { DenoiserConfig, DenoiserSettings } from "./settings.ts";

const { steps, guidance, sampler, eta } = drawKeys;
/** What a request may ask of a denoiser. */
export const settingKeys = { steps, guidance, sampler, eta };

/** How a denoiser draws. */
export type DenoiserDraws = Pick<DrawSettings, keyof typeof settingKeys>;
/** What may be asked of a denoiser. */
export type Asked<Request> = Omit<Request, Exclude<keyof DrawSettings, keyof DenoiserDraws>>;

export const requestKeys = {
  category: z.string(),
  count: wholeNumber(0, MOST_DRAWINGS).optional(),
  seed: seedKey.optional(),
  ...settingKeys,
  ...followingKeys,
} satisfies KeysOf<Asked<DrawRequest>>;

export const requestSchema = z.strictObject(requestKeys);

/** What is needed to know of a model to say how it draws. */
interface Steered extends Pick<DenoiserConfig, "categories" | "sampling"> {
  readonly network: Pick<DenoiserSettings, "diffusionSteps" | "maxGuidance">;
}

/** How a model draws: as it is told, else in its own way. Throws a UserError for what it cannot do. */
export function drawSettingsOf(
  { network: { diffusionSteps, maxGuidance }, sampling }: Steered,
  told: Partial<DenoiserDraws>,
): DenoiserDraws {
  const { steps = sampling.steps, guidance = sampling.guidance, sampler = sampling.sampler } = told;
  const { eta = sampler === "heun" ? 0 : sampling.eta } = told;
  if (steps > diffusionSteps) {
    throw new UserError(
      `steps ${steps}: this model has ${diffusionSteps} time steps; take at most that many.`,
      { code: "too-many-steps" },
    );
  }
  if (maxGuidance !== undefined && guidance > maxGuidance)
    throw new UserError(
      `guidance ${guidance}: this model has guidance distilled, up to ${maxGuidance}; take at most that.`,
      { code: "too-much-guidance" },
    );
  if (eta > 0 && sampler === "heun")
    throw new UserError(
      `eta ${eta}: the sampler heun adds no fresh noise; leave eta out, or take ddim or dpm.`,
    );
  return { steps, guidance, sampler, eta };
}

/** What a job has of any request. Throws a UserError for a category that was never learnt. */
export function askedFor(config: Steered, request: DrawRequest) {
  const { category, count = 1, seed = 0, onProgress, onStep, signal } = request;
  labelOf(config, category);
  return { category, count, seed, onProgress, onStep, signal, settings: drawSettingsOf(config, request) };
}

/** Guidance that is not distilled asks about every drawing with its label, and without. */
export const asksTwice = ({ maxGuidance }: RowSettings, guidance: number): boolean =>
  guidance !== 1 && maxGuidance === undefined;
