import { z } from "zod";
import { checked } from "../base/check.ts";
import { UserError } from "../base/errors.ts";
import { wholeNumber } from "../base/numbers.ts";
import type { Features } from "./features.ts";

const schema = z.looseObject({
  count: wholeNumber(0),
  size: wholeNumber(1),
  values: z.custom<Float32Array>(ArrayBuffer.isView, "expected a Float32Array"),
});

/**
 * Checks what the measures rely on.
 * @throws UserError with fewer than `least` drawings, features of different networks, or a feature that is no finite
 * number; RangeError where `values` is not [count, size].
 */
export function requireFeatures(
  measure: string,
  least: number,
  ...sets: readonly [Features, ...Features[]]
): void {
  for (const features of sets) checked(schema, features, measure);
  const [{ size }] = sets;
  for (const features of sets) {
    if (features.values.length !== features.count * features.size)
      throw new RangeError(
        `features of shape [${features.count}, ${features.size}] need ${features.count * features.size} values, found ${features.values.length}`,
      );
    if (features.count < least)
      throw new UserError(
        `${measure} needs at least ${least} drawings in each set, found ${features.count}: evaluate more.`,
      );
    if (features.size !== size)
      throw new UserError(
        `${measure} compares features of one network, found ${size} and ${features.size} of a drawing: describe both sets with the same network.`,
      );
    const broken = features.values.findIndex((value) => !Number.isFinite(value));
    if (broken >= 0)
      throw new UserError(
        `${measure} needs finite features, found ${features.values[broken]} for drawing ${Math.floor(broken / size)}: check the feature network and that drawing.`,
      );
  }
}
