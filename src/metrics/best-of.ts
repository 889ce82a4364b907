import { at } from "../base/at.ts";
import { UsageError } from "../base/errors.ts";
import type { Sketch } from "../sketch/sketch.ts";
import type { DescribeOptions, FeatureNetwork } from "./features.ts";

/**
 * The place of a category among those that a network knows.
 * @throws UsageError where the network does not know the category and so cannot choose.
 */
export function requireKnown({ name, categories = [] }: FeatureNetwork, category: string): number {
  const label = categories.indexOf(category);
  if (label < 0) throw new UsageError(`--best-of: ${name} does not know "${category}" and cannot choose.`);
  return label;
}

/**
 * Cherry-picking: of each `candidates` drawings in a row the one that the network holds most probably to be of the
 * category.
 * @throws UsageError where the network does not know the category.
 */
export async function bestOf(
  network: FeatureNetwork,
  category: string,
  sketches: readonly Sketch[],
  candidates: number,
  options: DescribeOptions = {},
): Promise<Sketch[]> {
  const { categories = [] } = network;
  const label = requireKnown(network, category);
  const { logits } = await network.describe(sketches, options);
  if (logits === undefined) throw new RangeError(`${network.name} knows categories but gave no logits`);
  const rated = sketches.map((sketch, i) => {
    const row = logits.subarray(i * categories.length, (i + 1) * categories.length);
    // log softmax, up to its sign.
    const sureness = at(row, label) - Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0));
    return { sketch, sureness };
  });
  return Array.from({ length: sketches.length / candidates }, (_, place) => {
    const group = rated.slice(place * candidates, (place + 1) * candidates);
    return group.reduce((best, next) => (next.sureness > best.sureness ? next : best)).sketch;
  });
}
