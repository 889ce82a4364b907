import { at } from "../base/at.ts";
import { UserError } from "../base/errors.ts";

/**
 * How many drawings of each category to compare: as many as every set has, and together at most `most`, evenly.
 * @param available of each category, the drawings that each set has.
 * @param least how many they must be together.
 * @throws UserError where a set has no drawing of a category, or too few of all.
 */
export function balancedCounts(
  categories: readonly string[],
  available: readonly (readonly number[])[],
  most: number,
  least = 1,
): number[] {
  const common = available.map((counts) => Math.min(...counts));
  const without = common.findIndex((count) => count < 1);
  if (without >= 0)
    throw new UserError(
      `${categories[without]}: one of the sets has no drawing of it; leave it out with --categories, or add drawings.`,
    );
  const together = (cap: number) => common.reduce((sum, count) => sum + Math.min(count, cap), 0);
  let cap = Math.min(Math.max(...common), Math.max(1, most));
  while (cap > 1 && together(cap) > most) cap--;
  const total = together(cap);
  if (total < least)
    throw new UserError(
      `too few drawings to compare: ${total} in each set, expected ${least} or more; add drawings, or take more with --count.`,
    );
  return common.map((count) => Math.min(count, cap));
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
  return labels.map((label) => {
    const place = at(taken, label);
    taken[label] = place + 1;
    return at(at(byCategory, label), place);
  });
}
