import { UserError } from "../base/errors.ts";
import type { TrainingConfig } from "../config/training.ts";
import { parameterCount, parameterViews } from "../nn/parameters.ts";
import { type Model, networkConfigOf, parametersOf } from "../sampling/model.ts";
import { NETWORK_KEYS } from "./denoising.ts";

/** Weights that know no beginnings can learn them. */
const SAME_KEYS = NETWORK_KEYS.filter((key) => key !== "beginnings");

/**
 * A trained model's weights as the beginning of a training; what they have none for, the input that tells which points
 * are known, begins at 0.
 * @throws UserError naming the setting in which the two networks differ.
 */
export function weightsToStartFrom(model: Model, config: TrainingConfig): Float32Array {
  for (const key of ["categories", ...SAME_KEYS] as const) {
    const [wanted, found] = [config[key], model.config[key]].map((value) => String(value));
    if (wanted !== found)
      throw new UserError(
        `${key}: the run has ${shortened(wanted)}, the model to start from ${shortened(found)}; they have to be the same.`,
      );
  }
  const trained = parametersOf(networkConfigOf(model.config));
  const wanted = parametersOf({ ...config, classes: config.categories.length });
  const from = parameterViews(trained, model.weights);
  const start = new Float32Array(parameterCount(wanted));
  for (const [name, view] of parameterViews(wanted, start)) {
    const values = from.get(name) ?? new Float32Array(view.length);
    // The known input is the last column of the first layer.
    const rows = name === INPUT_LAYER ? config.baseChannels : 1;
    const [columns, had] = [view.length / rows, values.length / rows];
    for (let row = 0; row < rows; row++)
      view.set(values.subarray(row * had, row * had + Math.min(had, columns)), row * columns);
  }
  return start;
}

const INPUT_LAYER = "input_proj.weight";

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text);
