import { join } from "node:path";
import { at } from "../../base/at.ts";
import { writeFileAtomically } from "../../files/atomic.ts";
import { readJsonIfThere } from "../../files/json.ts";
import { balancedCounts, inTurn, takeInTurn } from "../../metrics/balance.ts";
import { loadModel } from "../../node/model.ts";
import type { Device } from "../../runtime/devices.ts";
import { modelFolder } from "../../training/run.ts";
import { type Comparison, compare, type Judges } from "../evaluate.ts";
import { readRealDrawings, runConfig } from "../real-drawings.ts";
import { type Reporter, silent } from "../reporter.ts";
import { chooseSource, namesIn } from "../source.ts";
import { type Chosen, chooseSettings } from "./choose.ts";
import { type ComparisonPlan, type Entry, entryName, MEASURING_SEED, requireSamePlan } from "./plan.ts";
import { entryConfig, type Trained, trainEntry } from "./train-entry.ts";

export interface CompareFamiliesOptions extends ComparisonPlan {
  readonly entries: readonly Entry[];
  /** Where runs and results go. */
  readonly folder: string;
  readonly device: Device;
  readonly threads: number;
  readonly signal: AbortSignal;
}

/** What is known of an entry. */
export interface Compared extends Entry {
  readonly name: string;
  readonly weights: number;
  readonly trained: Trained;
  readonly chosen: Chosen;
}

export interface FamiliesComparison {
  readonly entries: readonly Compared[];
  /** Its rows are the floor, then the entries in their order. */
  readonly comparison: Comparison;
}

/**
 * Trains families on the same drawings for the same time of the processor, chooses how each draws by its training drawings,
 * and measures them on held-out ones. What is done is kept: the same call goes on where another one was killed.
 * @param judges the first one chooses, both measure.
 * @throws UserError when the folder holds a comparison on something else.
 */
export async function compareFamilies(
  judges: Judges,
  options: CompareFamiliesOptions,
  reporter: Reporter = silent,
): Promise<FamiliesComparison> {
  const { entries, folder, device, threads, signal, preset, source, trainSize, heldOut, count } = options;
  const data = await chooseSource(source, { categories: options.categories }, reporter, signal);
  const categories = await namesIn(data, options.categories);
  const plan: ComparisonPlan = { preset, categories, source, trainSize, heldOut, count };
  // What is no run is refused before the folder holds a comparison.
  const configs = entries.map((entry) => entryConfig(entry, plan));
  const file = join(folder, "comparison.json");
  const begun = await readJsonIfThere(file);
  if (begun !== undefined) requireSamePlan(folder, begun, plan);
  else await writeFileAtomically(file, `${JSON.stringify(plan, undefined, 2)}\n`);

  const place = (entry: Entry) => join(folder, entryName(entry));
  const trained: Trained[] = [];
  for (const [i, entry] of entries.entries())
    trained.push(
      await trainEntry(place(entry), entry, at(configs, i), { device, threads }, reporter, signal),
    );

  const runs = (await Promise.all(entries.map((entry) => runConfig(place(entry))))).flatMap(
    (run) => run ?? [],
  );
  const real = await readRealDrawings(runs, categories, { real: "", heldOut }, reporter, signal);
  const counts = balancedCounts(
    categories,
    real.training.map(({ length }) => [length]),
    count,
  );
  const [network] = judges;
  const { features } = await network.describe(takeInTurn(real.training, inTurn(counts)), { signal });
  const by = { network, reference: features, categories, counts };
  const compared: Compared[] = [];
  for (const [i, entry] of entries.entries()) {
    const model = await loadModel(modelFolder(place(entry)));
    const chosen = await chooseSettings(place(entry), model, by, { device, threads }, reporter, signal);
    const { length: weights } = model.weights;
    compared.push({ ...entry, name: entryName(entry), weights, trained: at(trained, i), chosen });
  }
  const models = compared.map((entry) => ({ path: place(entry), settings: entry.chosen.settings }));
  const measured = { models, generated: [], real: "", heldOut, categories, count, training: count };
  const comparison = await compare(
    judges,
    { ...measured, seed: MEASURING_SEED, device, threads, signal },
    reporter,
  );
  return { entries: compared, comparison };
}
