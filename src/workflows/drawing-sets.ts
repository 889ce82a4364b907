import { basename } from "node:path";
import { at } from "../base/at.ts";
import { UsageError } from "../base/errors.ts";
import { plainName } from "../data/catalogue.ts";
import { balancedCounts, inTurn, takeInTurn } from "../metrics/balance.ts";
import { requireKnown } from "../metrics/best-of.ts";
import type { DrawingSet, EvaluationRequest } from "../metrics/evaluate.ts";
import type { FeatureNetwork } from "../metrics/features.ts";
import { LEAST_DRAWINGS } from "../metrics/neighbours.ts";
import type { Sketch } from "../sketch/sketch.ts";
import {
  type Contestant,
  type DrawFlags,
  folderContestant,
  type ModelToDraw,
  modelContestant,
} from "./contestants.ts";
import { type RealDrawings, readRealDrawings, runConfig } from "./real-drawings.ts";
import type { Reporter } from "./reporter.ts";

/** What is compared with real drawings, and how. */
export interface CompareOptions extends DrawFlags {
  readonly models: readonly ModelToDraw[];
  /** Folders of drawings by any system. */
  readonly generated: readonly string[];
  /** Where the real drawings are; empty: as for training. */
  readonly real: string;
  /** Share of the real drawings held out, by the hash of their keys; a run has its own split. */
  readonly heldOut: number;
  /** What to compare; all that the sets have in common unless given. */
  readonly categories?: readonly string[] | undefined;
  /** Drawings of each set, at most. */
  readonly count: number;
  /** Training drawings that novelty is measured against, at most. */
  readonly training: number;
  readonly signal: AbortSignal;
  /** Called once what can be refused has been checked, before anything is read or drawn, which may take hours. */
  readonly onChecked?: () => Promise<void>;
}

/** Everything that is measured, whichever network looks at it. */
export type DrawingSets = Omit<EvaluationRequest, "network">;

/**
 * Real drawings, held-out ones and training ones, and those of models and of folders, as many of each category in every set.
 * @param network picks, where each drawing by a model is the best of several.
 * @throws UserError for what cannot be, before anything is read or drawn where that can be known.
 */
export async function collectSets(
  network: FeatureNetwork,
  options: CompareOptions,
  reporter: Reporter,
): Promise<DrawingSets> {
  const { signal } = options;
  const runs = (await Promise.all(options.models.map(({ path }) => runConfig(path)))).flatMap(
    (config) => config ?? [],
  );
  const contestants = [
    ...(await Promise.all(
      options.models.map((model) => modelContestant(model, network, options, reporter, signal)),
    )),
    ...(await Promise.all(options.generated.map((path) => folderContestant(path, reporter, signal)))),
  ];
  const names = contestants.map(({ path }) => basename(path));
  const categories = commonCategories(contestants, options.categories);
  if (options.bestOf !== undefined) for (const category of categories) requireKnown(network, category);
  const generatedOf = (category: string) => contestants.map((contestant) => contestant.available(category));
  balancedCounts(categories, categories.map(generatedOf), options.count, LEAST_DRAWINGS);
  await options.onChecked?.();
  const real = await readRealDrawings(runs, categories, options, reporter, signal);
  const available = categories.map((category, i) => [
    at(real.heldOut, i).length,
    at(real.training, i).length,
    ...generatedOf(category),
  ]);
  const counts = balancedCounts(categories, available, options.count, LEAST_DRAWINGS);
  const labels = inTurn(counts);
  const generated: DrawingSet[] = [];
  for (const { path, description, draw } of contestants) {
    const sketches = takeInTurn(await draw(counts, categories), labels);
    // Its folder's name, where no other has the same.
    const own = basename(path);
    const name = names.filter((other) => other === own).length > 1 ? path : own;
    generated.push({ name, description, sketches });
  }
  return {
    categories,
    labels,
    reference: {
      name: "held-out real drawings",
      description: `held-out real drawings: ${real.split}`,
      sketches: takeInTurn(real.heldOut, labels),
    },
    floor: {
      name: "real training drawings",
      description: "what a perfect model would score",
      sketches: takeInTurn(real.training, labels),
    },
    training: trainingSample(real, options.training),
    generated,
    seed: options.seed,
    ...(options.bestOf !== undefined && { bestOf: options.bestOf }),
  };
}

/** The asked categories, or all that every contestant has. */
function commonCategories(
  contestants: readonly Contestant[],
  asked: readonly string[] | undefined,
): readonly string[] {
  const [first, ...others] = contestants;
  const common = (first?.categories ?? []).filter((name) =>
    others.every(({ categories }) => categories.includes(name)),
  );
  const spelled = new Map(common.map((name) => [plainName(name), name]));
  const chosen = asked?.map((name) => spelled.get(plainName(name)) ?? name) ?? common;
  const missing = chosen.find((name) => !common.includes(name));
  if (new Set(chosen).size < chosen.length)
    throw new UsageError(`--categories: expected each category once, found ${chosen.join(", ")}.`);
  if (missing !== undefined)
    throw new UsageError(
      `--categories: not every set has "${missing}"; they have in common: ${common.join(", ") || "none"}.`,
    );
  if (chosen.length === 0)
    throw new UsageError("the sets have no category in common; give --categories or other sets.");
  return chosen;
}

/** Training drawings of all categories in turn. */
function trainingSample({ categories, training }: RealDrawings, most: number): Sketch[] {
  if (most === 0) return [];
  const counts = balancedCounts(
    categories,
    training.map(({ length }) => [length]),
    most,
  );
  return takeInTurn(training, inTurn(counts));
}
