import { type DrawingSet, type EvaluationResult, evaluate } from "../metrics/evaluate.ts";
import type { FeatureNetwork } from "../metrics/features.ts";
import type { Sketch } from "../sketch/sketch.ts";
import { type CompareOptions, collectSets, type DrawingSets } from "./drawing-sets.ts";
import { type Progress, type Reporter, silent } from "./reporter.ts";

/** The networks that look. What is picked or chosen is so by the first; the second only judges. */
export type Judges = readonly [first: FeatureNetwork, second?: FeatureNetwork];

/** Drawings of one category. */
interface OfCategory {
  readonly category: string;
  readonly sketches: readonly Sketch[];
}

/** What was found, and the drawings that it was found of, by category. */
export interface Comparison extends EvaluationResult {
  /** Held-out ones. */
  readonly real: readonly OfCategory[];
  /** Of every set, in their order. */
  readonly generated: readonly (readonly OfCategory[])[];
}

/**
 * Compares drawings of models and of folders with held-out real ones, as many of each category on every side.
 * @param judges look at the pictures; they stay open.
 * @throws UserError for what cannot be, before anything is read or drawn where that can be known.
 */
export async function compare(
  [first, second]: Judges,
  options: CompareOptions,
  reporter: Reporter = silent,
): Promise<Comparison> {
  const { signal } = options;
  const sets = await collectSets(first, options, reporter);
  const { evaluation, neighbours } = await measure(first, sets, reporter, signal);
  const judged = second && (await measure(second, { ...sets, training: [] }, reporter, signal)).evaluation;
  const byCategory = ({ sketches }: DrawingSet) =>
    sets.categories.map((category, label) => ({
      category,
      sketches: sketches.filter((_, i) => sets.labels[i] === label),
    }));
  return {
    evaluation: { ...evaluation, ...(judged && { secondJudge: judged }) },
    neighbours,
    real: byCategory(sets.reference),
    generated: sets.generated.map(byCategory),
  };
}

async function measure(
  network: FeatureNetwork,
  sets: DrawingSets,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<EvaluationResult> {
  const { generated, labels, training } = sets;
  const looks = (2 + generated.length) * labels.length + training.length;
  const bar = reporter.progress(`look by ${network.name}`, looks, "drawings");
  let measuring: Progress | undefined;
  const result = await evaluate(
    { ...sets, network },
    {
      onProgress(done, total) {
        bar.update(done);
        if (done === total) bar.finish();
      },
      onMeasured(measured) {
        measuring ??= reporter.progress(`measure by ${network.name}`, 1 + generated.length, "sets");
        measuring.update(measured);
      },
      signal,
    },
  );
  measuring?.finish();
  return result;
}
