import { UserError } from "../../base/errors.ts";
import { listed } from "../../base/listed.ts";
import type { Normalisation } from "../../sketch/normalisation.ts";
import type { DenoiserLearnt } from "./settings.ts";

/** By the names of categories. */
export type Normalisations = Readonly<Record<string, Normalisation>>;

/** What the drawings of a category that was learnt were normalised with. */
export function normalisationOf(
  { learnt }: { readonly learnt: Pick<DenoiserLearnt, "normalisation"> },
  category: string,
): Normalisation {
  const known = learnt.normalisation[category];
  if (known === undefined) throw new RangeError(`expected a category that was learnt, found "${category}"`);
  return known;
}

/** The same, so much of the way from one category's to another's. */
export function normalisationBetween(
  config: Parameters<typeof normalisationOf>[0],
  from: string,
  to: string,
  share: number,
): DenoiserLearnt["normalisation"][string] {
  const [before, after] = [normalisationOf(config, from), normalisationOf(config, to)];
  const between = (a: number, b: number) => (1 - share) * a + share * b;
  return {
    mean: [between(before.mean[0], after.mean[0]), between(before.mean[1], after.mean[1])],
    std: between(before.std, after.std),
  };
}

/**
 * The normalisation of each category.
 * @throws UserError for a category that has none.
 */
export const normalisationsOf = (
  categories: readonly string[],
  known: Normalisations,
  from = "",
): DenoiserLearnt["normalisation"] =>
  Object.fromEntries(
    categories.map((category) => {
      const own = Object.hasOwn(known, category) ? known[category] : undefined;
      if (own === undefined)
        throw new UserError(
          `${from}normalisation: expected one for each category, "${category}" has none, only ${listed(Object.keys(known)) || "nothing"}.`,
        );
      const { mean, std } = own;
      return [category, { mean: [mean[0], mean[1]], std }];
    }),
  );
