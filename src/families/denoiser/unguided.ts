import { at } from "../../base/at.ts";
import { parameterCount, parameterViews } from "../../nn/parameters.ts";
import { type DenoiserNetwork, parametersOf, sizesOf } from "./network.ts";
import type { DenoiserModel, DenoiserSettings } from "./settings.ts";
import { GUIDANCE_LAYERS, TIME_BIAS } from "./time-condition.ts";

/**
 * The network that is told no guidance and draws as a guidance-conditioned one does when it is told 1, which is none: what
 * that adds to the time is added to a bias.
 */
export function unguided<S extends DenoiserSettings>(
  network: DenoiserNetwork<S>,
  { config, weights }: DenoiserModel<S>,
): DenoiserModel<S> {
  const plain = { ...config, network: { ...config.network, maxGuidance: undefined } };
  const conditioned = parameterViews(parametersOf({ network, sizes: sizesOf(config) }), weights);
  const valuesOf = (name: string): Float32Array => {
    const values = conditioned.get(name);
    if (values === undefined) throw new Error(`the network has no parameter "${name}"`);
    return values;
  };
  const linear = (layer: string, x: readonly number[]): number[] => {
    const weight = valuesOf(`${layer}.weight`);
    return Array.from(valuesOf(`${layer}.bias`), (bias, row) =>
      x.reduce((sum, value, column) => sum + at(weight, row * x.length + column) * value, bias),
    );
  };
  const [first, last] = GUIDANCE_LAYERS;
  const hidden = linear(first, [1]).map((value) => value / (1 + Math.exp(-value)));
  const added = linear(last, hidden);

  const parameters = parametersOf({ network, sizes: sizesOf(plain) });
  const kept = new Float32Array(parameterCount(parameters));
  for (const [name, values] of parameterViews(parameters, kept))
    values.set(name === TIME_BIAS ? valuesOf(name).map((bias, i) => bias + at(added, i)) : valuesOf(name));
  return { config: plain, weights: kept };
}
