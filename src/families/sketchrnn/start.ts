import { UserError } from "../../base/errors.ts";
import type { SketchRnnModel, SketchRnnSettings } from "./settings.ts";

/** Settings that say how drawings come to the network, not what it is. */
const FREE: readonly string[] = ["points", "simplify", "strokeOrder"];

/**
 * A trained model's weights as the beginning of a training.
 * @throws UserError naming the setting in which the two networks differ.
 */
export function startOf(
  { config, weights }: SketchRnnModel,
  wanted: SketchRnnSettings,
  categories: readonly string[],
): Float32Array {
  const found = new Map<string, unknown>(
    Object.entries({ ...config.network, categories: config.categories }),
  );
  for (const [key, value] of Object.entries({ ...wanted, categories })) {
    if (FREE.includes(key) || String(value) === String(found.get(key))) continue;
    throw new UserError(
      `${key}: the run has ${value}, the model to start from ${found.get(key)}; they have to be the same.`,
    );
  }
  return weights;
}
