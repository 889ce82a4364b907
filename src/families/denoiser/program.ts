import type { NetworkOutput } from "../../diffusion/estimate.ts";
import { type Parameter, parameterViews } from "../../nn/parameters.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { Feeds } from "../../runtime/session.ts";
import { buildDenoiser, parametersOf, type SizedNetwork } from "./network.ts";

/** The network's second part with its weights baked in, for a number of rows: noisy drawings with their conditions. */
export interface DenoiserProgram {
  readonly rows: number;
  /** Numbers of the code of a row; 0 for networks that are told none. */
  readonly codeSize: number;
  run(feeds: Feeds): Promise<NetworkOutput>;
  dispose(): Promise<void>;
}

/** Compiles the second part for at least so many rows. */
export async function compileDenoiser(
  network: SizedNetwork,
  weights: Float32Array,
  atLeast: number,
  runtime: Runtime,
): Promise<DenoiserProgram> {
  const build = (rows: number) => buildDenoiser(network, rows);
  const { rows, run, dispose } = await runtime.compileRows<string>(
    (count) => ({ ...build(count).output }),
    atLeast,
    weightsOf(parametersOf(network), weights, build(1).parameters),
  );
  return {
    rows,
    codeSize: network.sizes.codeSize ?? 0,
    async run(feeds) {
      const { prediction, penLogits } = await run(feeds);
      if (prediction === undefined) throw new Error("the network gives no prediction");
      return { prediction, ...(penLogits && { penLogits }) };
    },
    dispose,
  };
}

/** The weights of some of a model's parameters, by name. */
export function weightsOf(
  all: readonly Parameter[],
  weights: Float32Array,
  some: readonly Parameter[],
): Map<string, Float32Array> {
  const names = new Set(some.map(({ name }) => name));
  return new Map([...parameterViews(all, weights)].filter(([name]) => names.has(name)));
}
