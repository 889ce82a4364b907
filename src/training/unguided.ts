import { parameterCount, parameterViews } from "../nn/parameters.ts";
import { type Model, networkConfigOf, parametersOf } from "../sampling/model.ts";

/**
 * The network that is told no guidance and draws as one with guidance folded in does when it is told 1, which is none: what
 * that adds to the time is added to a bias.
 */
export function unguided({ config, weights }: Model): Model {
  const plain = { ...config, mostGuidance: undefined };
  const told = parameterViews(parametersOf(networkConfigOf(config)), weights);
  const valuesOf = (name: string): Float32Array => {
    const values = told.get(name);
    if (values === undefined) throw new Error(`the network has no parameter "${name}"`);
    return values;
  };
  const linear = (layer: string, x: readonly number[]): number[] => {
    const weight = valuesOf(`${layer}.weight`);
    return Array.from(valuesOf(`${layer}.bias`), (bias, row) =>
      x.reduce((sum, value, column) => sum + weight[row * x.length + column] * value, bias),
    );
  };
  const hidden = linear("guidance_mlp.1", [1]).map((value) => value / (1 + Math.exp(-value)));
  const added = linear("guidance_mlp.3", hidden);

  const parameters = parametersOf(networkConfigOf(plain));
  const kept = new Float32Array(parameterCount(parameters));
  for (const [name, values] of parameterViews(parameters, kept))
    values.set(
      name === "time_mlp.3.bias" ? valuesOf(name).map((bias, i) => bias + added[i]) : valuesOf(name),
    );
  return { config: plain, weights: kept };
}
