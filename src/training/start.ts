import { UserError } from "../base/errors.ts";
import type { TrainingConfig } from "../config/training.ts";
import { type Model, networkConfigOf, parametersOf } from "../sampling/model.ts";
import { NETWORK_KEYS } from "./denoising.ts";
import { unguided } from "./unguided.ts";
import { widened } from "./widen.ts";

/** Sizes that may grow, and an input that may be new: which points are known. */
const MAY_DIFFER: readonly string[] = ["baseChannels", "attentionHeads", "normGroups", "beginnings"];
const SAME_KEYS = NETWORK_KEYS.filter((key) => !MAY_DIFFER.includes(key));

/**
 * A trained model's weights as the beginning of a training, in a network as wide or wider; one with guidance folded in begins
 * as it is unguided.
 * @throws UserError naming the setting in which the two networks do not fit.
 */
export function weightsToStartFrom(trained: Model, config: TrainingConfig): Float32Array {
  const model = trained.config.mostGuidance ? unguided(trained) : trained;
  for (const key of ["categories", ...SAME_KEYS] as const) {
    const [wanted, found] = [config[key], model.config[key]].map((value) => String(value));
    if (wanted !== found)
      throw new UserError(
        `${key}: the run has ${shortened(wanted)}, the model to start from ${shortened(found)}; they have to be the same.`,
      );
  }
  const { baseChannels } = model.config;
  if (config.baseChannels < baseChannels)
    throw new UserError(
      `baseChannels: the run has ${config.baseChannels}, fewer than the model to start from with its ${baseChannels}; a network can only grow.`,
    );
  for (const key of ["attentionHeads", "normGroups"] as const) {
    const wanted = (model.config[key] * config.baseChannels) / baseChannels;
    if (config[key] !== wanted)
      throw new UserError(
        `${key}: the run has ${config[key]}; to start from ${model.config[key]} with ${baseChannels} channels, ${config.baseChannels} channels need ${Number.isInteger(wanted) ? wanted : "a whole number of them: another baseChannels"}.`,
      );
  }
  return widened(
    parametersOf(networkConfigOf(model.config)),
    model.weights,
    parametersOf({ ...config, classes: config.categories.length }),
    config,
  );
}

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text);
