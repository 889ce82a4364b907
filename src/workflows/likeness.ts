import { at } from "../base/at.ts";
import { collect } from "../base/collect.ts";
import type { Model } from "../families/registry.ts";
import { openClassifier } from "../metrics/classifier.ts";
import { manifoldOf, nearestDistances } from "../metrics/neighbours.ts";
import { type Novelty, novelty } from "../metrics/novelty.ts";
import { sample } from "../node/sample.ts";
import type { DeviceOptions } from "../runtime/devices.ts";
import type { Sketch } from "../sketch/sketch.ts";

/** How near what is drawn comes to the drawings that it was taught with. */
export interface Likeness extends Novelty {
  /** What was drawn to measure it. */
  readonly drawn: readonly Sketch[];
  /** The drawing that most of the copies are of, and how many; absent where there are none. */
  readonly memorised?: { readonly drawing: Sketch; readonly copies: number };
}

const DRAWN = 48;

/**
 * Draws with a model of one category and looks for the drawings that it was taught with, by the pictures' features. Few
 * drawings are held out, so that what is usual is measured of all that were given: from each to the nearest other one. A
 * copy is as near to a drawing as no two of them are to each other.
 */
export async function likenessOf(
  model: Model,
  train: readonly Sketch[],
  heldOut: readonly Sketch[],
  { signal, ...device }: DeviceOptions & { readonly signal?: AbortSignal | undefined },
): Promise<Likeness> {
  const category = at(model.config.categories, 0);
  const drawn = await collect(sample(model, { category, count: DRAWN, ...device, signal }));
  const network = await openClassifier(undefined, device);
  try {
    const featuresOf = async (sketches: readonly Sketch[]) => (await network.describe(sketches)).features;
    const given = await manifoldOf(await featuresOf([...train, ...heldOut]), {
      precisionRecall: 1,
      densityCoverage: 1,
    });
    const usual = Float32Array.from(given.squared, Math.sqrt);
    const { distances, indices } = await nearestDistances(await featuresOf(drawn), await featuresOf(train));
    const found = novelty(distances, usual);
    const nearest = usual.reduce((a, b) => Math.min(a, b), Infinity);
    const copiesOf = train.map((_, i) =>
      indices.reduce((sum, index, j) => sum + Number(index === i && at(distances, j) <= nearest), 0),
    );
    const most = copiesOf.reduce((a, b) => Math.max(a, b), 0);
    return {
      ...found,
      drawn,
      ...(most > 0 && { memorised: { drawing: at(train, copiesOf.indexOf(most)), copies: most } }),
    };
  } finally {
    await network.dispose();
  }
}
