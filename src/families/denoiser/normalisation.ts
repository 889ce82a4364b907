import type { Normalisation } from "../../sketch/normalisation.ts";
import type { DenoiserConfig } from "./settings.ts";

/** What the drawings of a category that was learnt were normalised with. */
export function normalisationOf({ learnt }: Pick<DenoiserConfig, "learnt">, category: string): Normalisation {
  const known = learnt.normalisation[category];
  if (known === undefined) throw new RangeError(`expected a category that was learnt, found "${category}"`);
  return known;
}
