import { UserError } from "../base/errors.ts";
import { listed } from "../base/listed.ts";
import { didYouMean } from "../base/nearest.ts";
import type { AnyModelConfig } from "./family.ts";

/** The model's label of a category; throws a UserError for one that it never learnt. */
export function labelOf({ categories }: Pick<AnyModelConfig, "categories">, category: string): number {
  const label = categories.indexOf(category);
  if (label >= 0) return label;
  throw new UserError(
    `this model has not learnt "${category}".${didYouMean(category, categories)} It draws ${listed(categories)}.`,
  );
}
