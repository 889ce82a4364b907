import { UserError } from "../base/errors.ts";
import type { DenoiserRun } from "./denoiser/family.ts";
import { type DenoiserConfig, denoiserSettings } from "./denoiser/settings.ts";
import type { ModelConfig, RunConfig } from "./registry.ts";

/** The configuration of a model that diffuses the points of drawings. */
export type DenoiserModelConfig = Extract<ModelConfig, DenoiserConfig>;
/** The configuration of a training run of such a model. */
export type DenoiserRunConfig = Extract<RunConfig, DenoiserRun>;

const isDenoiser = (config: { readonly network: unknown }): boolean =>
  denoiserSettings.safeParse(config.network).success;
const isModel = (config: ModelConfig): config is DenoiserModelConfig => isDenoiser(config);
const isRun = (config: RunConfig): config is DenoiserRunConfig => isDenoiser(config);

const other = (config: { readonly network: { readonly family: string } }, name: string): UserError =>
  new UserError(
    `${name}: expected a network that diffuses points, found the family ${config.network.family}.`,
  );

/**
 * @param name whose configuration it is, for errors.
 * @throws UserError for a model of another kind.
 */
export function requireDenoiser(config: ModelConfig, name: string): DenoiserModelConfig {
  if (isModel(config)) return config;
  throw other(config, name);
}

/**
 * @param name whose configuration it is, for errors.
 * @throws UserError for a run of another kind.
 */
export function requireDenoiserRun(config: RunConfig, name: string): DenoiserRunConfig {
  if (isRun(config)) return config;
  throw other(config, name);
}
