import { UsageError } from "../base/errors.ts";
import type { Sketch } from "../sketch/sketch.ts";
import type { DescribeOptions, FeatureNetwork } from "./features.ts";

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
  const label = categories.indexOf(category);
  const { logits } = await network.describe(sketches, options);
  if (logits === undefined || label < 0)
    throw new UsageError(`--best-of: ${network.name} does not know "${category}" and cannot choose.`);
  const sureness = sketches.map((_, i) => {
    const row = logits.subarray(i * categories.length, (i + 1) * categories.length);
    // log softmax, up to its sign.
    return row[label] - Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0));
  });
  return Array.from({ length: sketches.length / candidates }, (_, place) => {
    const group = sketches.slice(place * candidates, (place + 1) * candidates);
    const best = group.reduce(
      (winner, _sketch, i) =>
        sureness[place * candidates + i] > sureness[place * candidates + winner] ? i : winner,
      0,
    );
    return group[best];
  });
}
