import type { Order } from "../graph/order.ts";
import { input } from "../graph/tensor.ts";
import { type Parameter, parameterScope } from "../nn/parameters.ts";
import type { Denoiser, DenoiserInputs } from "./denoiser.ts";
import { type UNet1dConfig, unet1d } from "./unet1d.ts";

/** A diffusion network's graph for one batch size. */
export interface Network {
  /** Fed under the names "noisy", "times" and "labels". */
  readonly inputs: DenoiserInputs;
  readonly output: Denoiser;
  /** In order of declaration, the same for every batch size. */
  readonly parameters: readonly Parameter[];
}

export type NetworkConfig = UNet1dConfig;

/** Channels of the noisy drawing: two coordinates, and the pen where it is one of them. */
export const channelsOf = ({ pen }: NetworkConfig): number => (pen === "channel" ? 3 : 2);

/**
 * A diffusion network. In natural order a drawing's numbers are the same to the bit whatever stands beside it in the
 * batch; tiles are faster, and mix the batch's columns in one product.
 */
export function buildNetwork(config: NetworkConfig, batch: number, order: Order = "natural"): Network {
  const inputs = {
    noisy: input("noisy", [batch, config.points, channelsOf(config)]),
    times: input("times", [batch]),
    labels: input("labels", [batch], "int64"),
  };
  const { scope, parameters } = parameterScope();
  return { inputs, output: unet1d(scope, config, inputs, order), parameters };
}
