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

export function buildNetwork(config: NetworkConfig, batch: number): Network {
  const inputs = {
    noisy: input("noisy", [batch, config.points, channelsOf(config)]),
    times: input("times", [batch]),
    labels: input("labels", [batch], "int64"),
  };
  const { scope, parameters } = parameterScope();
  return { inputs, output: unet1d(scope, config, inputs), parameters };
}
