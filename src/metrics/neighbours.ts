import { z } from "zod";
import { at } from "../base/at.ts";
import { checked, type KeysOf } from "../base/check.ts";
import { wholeNumber } from "../base/numbers.ts";
import { distanceBlocks, squaredDistance } from "./distances.ts";
import type { Features } from "./features.ts";
import { requireFeatures } from "./require-features.ts";

/** The nearest references of every query; a row each, nearest first, equally near ones in the references' order. */
interface Nearest {
  /** [count, k], squared. */
  readonly squared: Float64Array;
  /** [count, k] */
  readonly indices: Uint32Array;
}

/** The `k` nearest references of every query, exactly; where `others`, row i is no neighbour of itself. */
async function nearest(
  queries: Features,
  references: Features,
  k: number,
  others: boolean,
): Promise<Nearest> {
  const squared = new Float64Array(queries.count * k).fill(Infinity);
  const indices = new Uint32Array(queries.count * k);
  for await (const block of distanceBlocks(queries, references)) {
    const { products, stride, queryLow, referenceLow } = block;
    for (let i = 0; i < block.queries; i++) {
      const query = block.firstQuery + i;
      const start = query * k;
      const last = start + k - 1;
      for (let j = 0; j < block.references; j++) {
        const low = (products[i * stride + j] ?? 0) + (queryLow[i] ?? 0) + (referenceLow[j] ?? 0);
        const farthest = squared[last] ?? 0;
        if (low >= farthest || farthest === 0) continue;
        const reference = block.firstReference + j;
        if (others && reference === query) continue;
        const distance = squaredDistance(queries, query, references, reference);
        if (distance >= farthest) continue;
        let place = last;
        for (; place > start; place--) {
          const nearer = squared[place - 1] ?? 0;
          if (nearer <= distance) break;
          squared[place] = nearer;
          indices[place] = indices[place - 1] ?? 0;
        }
        squared[place] = distance;
        indices[place] = reference;
      }
    }
  }
  return { squared, indices };
}

/**
 * The nearest reference of every query: Euclidean distances [count], exactly 0 for an identical row, and which row it
 * is [count], the first of equally near ones.
 * @throws UserError without queries or references, with features of different networks or not finite.
 */
export async function nearestDistances(
  queries: Features,
  references: Features,
): Promise<{ distances: Float32Array; indices: Uint32Array }> {
  requireFeatures("the nearest drawing", 1, queries, references);
  const { squared, indices } = await nearest(queries, references, 1, false);
  return { distances: Float32Array.from(squared, Math.sqrt), indices };
}

/** Neighbours that make a drawing's ball. */
export interface NeighbourCounts {
  readonly precisionRecall: number;
  readonly densityCoverage: number;
}

const neighboursOf = ({ precisionRecall, densityCoverage }: NeighbourCounts): number =>
  Math.max(precisionRecall, densityCoverage);

const countsSchema = z.strictObject({
  precisionRecall: wholeNumber(1),
  densityCoverage: wholeNumber(1),
} satisfies KeysOf<NeighbourCounts>);

/** As in the papers (`compareManifolds`). */
const COUNTS: NeighbourCounts = { precisionRecall: 3, densityCoverage: 5 };

/** Drawings that a manifold takes at least: more than it asks for neighbours. */
export const LEAST_DRAWINGS = neighboursOf(COUNTS) + 1;

/** A set of drawings with a ball around each: together the manifold that it lies on. */
export interface Manifold {
  readonly features: Features;
  readonly counts: NeighbourCounts;
  /** Squared distances to the nearest, second nearest... other drawing of the set: [drawings, neighbours]. */
  readonly squared: Float64Array;
}

/**
 * The manifold of a set of drawings; computed once for the real ones, it serves all sets compared with them.
 * @throws UserError with no more drawings than neighbours are asked for, or with features that are not finite.
 */
export async function manifoldOf(features: Features, counts: NeighbourCounts = COUNTS): Promise<Manifold> {
  checked(countsSchema, counts, "neighbours");
  const neighbours = neighboursOf(counts);
  requireFeatures(`a manifold of ${neighbours} neighbours`, neighbours + 1, features);
  const { squared } = await nearest(features, features, neighbours, true);
  return { features, counts, squared };
}

/** Squared radii of the balls that reach the `k`-th neighbour. */
function squaredRadii({ features, counts, squared }: Manifold, k: number): Float64Array {
  const neighbours = neighboursOf(counts);
  return Float64Array.from({ length: features.count }, (_, i) => at(squared, i * neighbours + k - 1));
}

/** How two manifolds of drawings cover each other. */
export interface ManifoldMeasures {
  /** Share of the generated drawings in a real drawing's ball of 3 neighbours, 0 to 1. */
  readonly precision: number;
  /** Share of the real drawings in a generated drawing's ball of 3 neighbours, 0 to 1. */
  readonly recall: number;
  /** Real drawings' balls of 5 neighbours that a generated drawing is in, on average, divided by 5: from 0. */
  readonly density: number;
  /** Share of the real drawings with a generated one in their ball of 5 neighbours, 0 to 1. */
  readonly coverage: number;
}

/**
 * Precision and recall (Kynkäänniemi et al. 2019, "Improved precision and recall metric for assessing generative
 * models", eq. 1 and 2) and density and coverage (Naeem et al. 2020, "Reliable fidelity and diversity metrics for
 * generative models", eq. 3 and 4), in one pass over the distances of real to generated drawings. Balls hold
 * their surface, as in the former.
 * @throws UserError for features of different networks; RangeError for manifolds of different neighbour counts.
 */
export async function compareManifolds(real: Manifold, generated: Manifold): Promise<ManifoldMeasures> {
  const { precisionRecall, densityCoverage } = real.counts;
  if (
    precisionRecall !== generated.counts.precisionRecall ||
    densityCoverage !== generated.counts.densityCoverage
  )
    throw new RangeError(
      "two manifolds compare with the same numbers of neighbours: make both with the same",
    );
  requireFeatures("precision and recall", 1, real.features, generated.features);
  const precisionRadii = squaredRadii(real, precisionRecall);
  const coverageRadii = squaredRadii(real, densityCoverage);
  const recallRadii = squaredRadii(generated, precisionRecall);

  const precise = new Uint8Array(generated.features.count);
  const recalled = new Uint8Array(real.features.count);
  const covered = new Uint8Array(real.features.count);
  let inBalls = 0;
  for await (const block of distanceBlocks(real.features, generated.features)) {
    const { products, stride, queryLow, queryHigh, referenceLow, referenceHigh } = block;
    for (let i = 0; i < block.queries; i++) {
      const r = block.firstQuery + i;
      const precisionRadius = precisionRadii[r] ?? 0;
      const coverageRadius = coverageRadii[r] ?? 0;
      const realRadius = Math.max(precisionRadius, coverageRadius);
      for (let j = 0; j < block.references; j++) {
        const g = block.firstReference + j;
        const product = products[i * stride + j] ?? 0;
        const low = product + (queryLow[i] ?? 0) + (referenceLow[j] ?? 0);
        const recallRadius = recallRadii[g] ?? 0;
        if (low > realRadius && low > recallRadius) continue;
        // Exact only where the bounds leave open on which side of some radius the pair is.
        const high = product + (queryHigh[i] ?? 0) + (referenceHigh[j] ?? 0);
        const open = (radius: number) => low <= radius && radius < high;
        const distance =
          open(precisionRadius) || open(coverageRadius) || open(recallRadius)
            ? squaredDistance(real.features, r, generated.features, g)
            : high;
        if (distance <= precisionRadius) precise[g] = 1;
        if (distance <= recallRadius) recalled[r] = 1;
        if (distance <= coverageRadius) {
          covered[r] = 1;
          inBalls++;
        }
      }
    }
  }
  const share = (flags: Uint8Array) => flags.reduce((sum, flag) => sum + flag, 0) / flags.length;
  return {
    precision: share(precise),
    recall: share(recalled),
    density: inBalls / (densityCoverage * generated.features.count),
    coverage: share(covered),
  };
}
