import { initialize, parameterViews } from "../../nn/parameters.ts";
import { requireSame, requireSameNetwork } from "../same-network.ts";
import { type DenoiserNetwork, parametersOf, sizesOf } from "./network.ts";
import type { DenoiserConfig, DenoiserModel, DenoiserSettings } from "./settings.ts";
import { GUIDANCE_LAYERS } from "./time-condition.ts";
import { unguided } from "./unguided.ts";

/**
 * A trained model's weights in a network of other sizes.
 * @throws UserError naming the setting in which the two do not fit.
 */
export type Grow<S extends DenoiserSettings> = (
  trained: DenoiserModel<S>,
  wanted: DenoiserConfig<S>,
  seed: number,
) => Float32Array;

/**
 * A trained model's weights as the beginning of a training. One that is guidance-conditioned begins as it draws
 * unguided, unless that is what is wanted; one that is newly conditioned makes nothing of it at first.
 * @throws UserError naming the setting in which the two networks do not fit.
 */
export function startOf<S extends DenoiserSettings>(
  { network, grow }: { readonly network: DenoiserNetwork<S>; readonly grow?: Grow<S> },
  trained: DenoiserModel<S>,
  wanted: DenoiserConfig<S>,
  seed: number,
): Float32Array {
  const model =
    trained.config.network.maxGuidance && !wanted.network.maxGuidance ? unguided(network, trained) : trained;
  requireSame("categories", wanted.categories, model.config.categories);
  const conditioned = {
    ...model.config,
    network: { ...model.config.network, maxGuidance: wanted.network.maxGuidance },
  };
  const begun = { config: conditioned, weights: transferred() };
  return grow ? grow(begun, wanted, seed) : sameWeights(begun, wanted);

  /** Where the network is newly guidance-conditioned, the last layer of what it makes of it is 0. */
  function transferred(): Float32Array {
    if (model.config.network.maxGuidance === wanted.network.maxGuidance) return model.weights;
    const of = (config: DenoiserConfig<S>) => parametersOf({ network, sizes: sizesOf(config) });
    const [from, to] = [of(model.config), of(conditioned)];
    const start = initialize(to, seed);
    const views = parameterViews(to, start);
    for (const [name, values] of parameterViews(from, model.weights)) views.get(name)?.set(values);
    const [, last] = GUIDANCE_LAYERS;
    if (model.config.network.maxGuidance === undefined)
      for (const part of ["weight", "bias"]) views.get(`${last}.${part}`)?.fill(0);
    return start;
  }
}

function sameWeights<S extends DenoiserSettings>(
  model: DenoiserModel<S>,
  wanted: DenoiserConfig<S>,
): Float32Array {
  // Any share of prefixes is the same network.
  const alike = ({ prefixConditioning, ...others }: S) => ({
    ...others,
    prefixConditioning: Number(prefixConditioning > 0),
  });
  requireSameNetwork(alike(wanted.network), alike(model.config.network));
  return model.weights;
}
