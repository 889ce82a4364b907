import { checked } from "../../base/check.ts";
import { adapterScope, mergeAdapter } from "../../nn/adapter.ts";
import {
  frozenScope,
  type Parameter,
  parameterCount,
  parameterScope,
  parameterViews,
  type Scope,
} from "../../nn/parameters.ts";
import type { Adapting, AnyModel } from "../family.ts";
import { lessonOf } from "./lesson.ts";
import { type DenoiserNetwork, parametersOf, type SizedNetwork, sizesOf } from "./network.ts";
import {
  type DenoiserConfig,
  type DenoiserLearnt,
  type DenoiserModel,
  type DenoiserSettings,
  denoiserLearnt,
} from "./settings.ts";

/** The table of categories that every denoiser has: a row for each, then that of "no class". */
const CLASSES = "class_emb.weight";

/** The network whose parameters are an adapter's, over a scope of weights that stay as they are. */
const overFrozen = <S extends DenoiserSettings>(
  network: DenoiserNetwork<S>,
  frozen: Scope,
  rank: number,
): DenoiserNetwork<S> => ({
  ...network,
  conditions: (own, sizes, inputs) => network.conditions(adapterScope(frozen, own, rank), sizes, inputs),
  denoise: (own, sizes, inputs, order) =>
    network.denoise(adapterScope(frozen, own, rank), sizes, inputs, order),
});

const sized = <S extends DenoiserSettings>(
  network: DenoiserNetwork<S>,
  config: Pick<DenoiserConfig<S>, "network" | "categories">,
): SizedNetwork<S> => ({ network, sizes: sizesOf(config) });

/** The model of one category alone; one that it has not learnt begins as "no class". */
function narrowed<S extends DenoiserSettings>(
  network: DenoiserNetwork<S>,
  { config, weights }: DenoiserModel<S>,
  category: string,
  learnt: DenoiserLearnt,
): DenoiserModel<S> {
  const { categories } = config;
  const narrow: DenoiserConfig<S> = { ...config, categories: [category], learnt };
  const parameters = parametersOf(sized(network, narrow));
  const all = parameterViews(parametersOf(sized(network, config)), weights);
  const kept = new Float32Array(parameterCount(parameters));
  for (const [name, view] of parameterViews(parameters, kept)) {
    const values = all.get(name) ?? new Float32Array();
    if (name === CLASSES) view.set(rowsOf(values, categories, category));
    else view.set(values);
  }
  return { config: narrow, weights: kept };
}

/** The rows of a category, or of "no class" where it is new, and of "no class". */
function rowsOf(table: Float32Array, categories: readonly string[], category: string): Float32Array {
  const size = table.length / (categories.length + 1);
  const noClass = table.subarray(categories.length * size);
  const known = categories.indexOf(category);
  const rows = new Float32Array(2 * size);
  rows.set(known < 0 ? noClass : table.subarray(known * size, (known + 1) * size));
  rows.set(noClass, size);
  return rows;
}

/** The network that an adapter of a model of one category trains, and its parameters. */
const adapterNetwork = <S extends DenoiserSettings>(
  network: DenoiserNetwork<S>,
  { config, weights }: DenoiserModel<S>,
  rank: number,
): SizedNetwork<S> =>
  sized(overFrozen(network, frozenScope(parametersOf(sized(network, config)), weights), rank), config);

const parametersOfAdapter = <S extends DenoiserSettings>(
  network: DenoiserNetwork<S>,
  config: DenoiserConfig<S>,
  rank: number,
): readonly Parameter[] =>
  // Of the frozen weights nothing but the shapes is asked for.
  parametersOf(sized(overFrozen(network, parameterScope().scope, rank), { ...config, categories: ["one"] }));

/** Adapters of a denoiser's models. */
export const adaptingOf = <S extends DenoiserSettings>(
  network: DenoiserNetwork<S>,
  opened: (model: AnyModel) => DenoiserModel<S>,
): Adapting => ({
  parameters: (model, rank) => parametersOfAdapter(network, opened(model).config, rank),
  merge(model, { category, rank, guidance, learnt }, own) {
    const measured = checked(denoiserLearnt, learnt, `the adapter of ${category} (learnt)`);
    const base = narrowed(network, opened(model), category, measured);
    const { config, weights } = base;
    const values = parameterViews(parametersOfAdapter(network, config, rank), own);
    return {
      config: { ...config, sampling: { ...config.sampling, guidance } },
      weights: mergeAdapter(parametersOf(sized(network, config)), weights, values, rank),
      guide: weights,
    };
  },
  lesson(model, drawings, settings) {
    const base = opened(model);
    const over = {
      config: base.config,
      narrowed: (category: string, learnt: DenoiserLearnt) => narrowed(network, base, category, learnt),
      network: (narrow: DenoiserModel<S>, rank: number) => adapterNetwork(network, narrow, rank),
    };
    return lessonOf(over, drawings, settings);
  },
});
