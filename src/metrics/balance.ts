import { UserError } from "../base/errors.ts";

/**
 * How many drawings of each category to compare: as many as every set has, and together at most `most`, evenly.
 * @param available of each category, the drawings that each set has.
 * @throws UserError where a set has no drawing of a category.
 */
export function balancedCounts(
  categories: readonly string[],
  available: readonly (readonly number[])[],
  most: number,
): number[] {
  const least = available.map((counts) => Math.min(...counts));
  const without = least.findIndex((count) => count < 1);
  if (without >= 0)
    throw new UserError(
      `${categories[without]}: one of the sets has no drawing of it; leave it out with --categories, or add drawings.`,
    );
  const together = (cap: number) => least.reduce((sum, count) => sum + Math.min(count, cap), 0);
  let cap = Math.min(Math.max(...least), Math.max(1, most));
  while (cap > 1 && together(cap) > most) cap--;
  return least.map((count) => Math.min(count, cap));
}

/**
 * Categories in turn: of counts [2, 1] the labels 0, 1, 0. So the first drawings of a set are of all categories.
 */
export function inTurn(counts: readonly number[]): number[] {
  const labels: number[] = [];
  for (let rank = 0; rank < Math.max(...counts); rank++) {
    for (const [label, count] of counts.entries()) if (rank < count) labels.push(label);
  }
  return labels;
}

/** The first drawings of each category, in the order of `labels`. */
export function takeInTurn<T>(byCategory: readonly (readonly T[])[], labels: readonly number[]): T[] {
  const taken = byCategory.map(() => 0);
  return labels.map((label) => byCategory[label][taken[label]++]);
}
