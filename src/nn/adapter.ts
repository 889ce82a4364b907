import { at } from "../base/at.ts";
import { add } from "../graph/ops/elementwise.ts";
import { matmul } from "../graph/ops/matmul.ts";
import { reshape } from "../graph/ops/stretch.ts";
import { type Shape, sizeOf } from "../graph/shape.ts";
import { type Parameter, parameterViews, type Scope } from "./parameters.ts";

// A parameter's low-rank parts: W + Uᵀ D with D [rank, inputs] and U [rank, outputs].
const down = (name: string): string => `${name}.down`;
const up = (name: string): string => `${name}.up`;

/**
 * A scope over another one, whose parameters become W + Uᵀ D (LoRA, Hu et al. 2021, eq. 3, with their factor α/r as 1; of a
 * convolution, taps count as inputs). D and U are the parameters of `own`. U begins at zero, so that nothing changes at
 * first. What has no fewer numbers in two such parts is free: it gets a difference of its shape, which begins at zero too.
 * @param frozen gives the weights W that stay as they are.
 */
export const adapterScope = (frozen: Scope, own: Scope, rank: number): Scope => ({
  parameter(name, shape, initialization) {
    const weight = frozen.parameter(name, shape, initialization);
    const sizes = lowRankSizes(shape, rank);
    if (sizes === undefined) return add(weight, own.parameter(name, shape, { value: 0 }));
    const { outputs, inputs } = sizes;
    const d = own.parameter(down(name), [rank, inputs], { uniform: 1 / Math.sqrt(inputs) });
    const u = own.parameter(up(name), [rank, outputs], { value: 0 });
    return add(weight, reshape(matmul(u, d, { transA: true }), shape));
  },
  child: (name) => adapterScope(frozen.child(name), own.child(name), rank),
});

/**
 * Weights that are to a network what the adapter is over it.
 * @param own the values of the adapter's parameters, by name.
 */
export function mergeAdapter(
  parameters: readonly Parameter[],
  weights: Float32Array,
  own: ReadonlyMap<string, Float32Array>,
  rank: number,
): Float32Array {
  const valuesOf = (name: string): Float32Array => {
    const values = own.get(name);
    if (values === undefined) throw new Error(`the adapter has no parameter "${name}"`);
    return values;
  };
  const merged = weights.slice();
  const views = parameterViews(parameters, merged);
  for (const { name, shape } of parameters) {
    const view = views.get(name) ?? new Float32Array();
    const sizes = lowRankSizes(shape, rank);
    const difference =
      sizes === undefined ? valuesOf(name) : productOf(valuesOf(up(name)), valuesOf(down(name)), rank, sizes);
    for (let i = 0; i < view.length; i++) view[i] = at(view, i) + at(difference, i);
  }
  return merged;
}

interface Sizes {
  readonly outputs: number;
  readonly inputs: number;
}

/** The sizes of a matrix or a convolution of which two parts of this rank have fewer numbers than it has. */
function lowRankSizes([outputs = 1, ...rest]: Shape, rank: number): Sizes | undefined {
  const inputs = sizeOf(rest);
  return rank * (outputs + inputs) < outputs * inputs ? { outputs, inputs } : undefined;
}

/** Uᵀ D. */
function productOf(u: Float32Array, d: Float32Array, rank: number, { outputs, inputs }: Sizes): Float32Array {
  const product = new Float32Array(outputs * inputs);
  for (let k = 0; k < rank; k++)
    for (let output = 0; output < outputs; output++) {
      const factor = at(u, k * outputs + output);
      const [row, start] = [k * inputs, output * inputs];
      for (let input = 0; input < inputs; input++)
        product[start + input] = (product[start + input] ?? 0) + factor * (d[row + input] ?? 0);
    }
  return product;
}
