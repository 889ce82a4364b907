import type { Order } from "../graph/order.ts";
import { input } from "../graph/tensor.ts";
import { type Parameter, parameterScope } from "../nn/parameters.ts";
import type { ConditionInputs, Conditions, Denoiser, DenoiserInputs } from "./denoiser.ts";
import { conditionSizes, type UNet1dConfig, unet1d, unet1dConditions } from "./unet1d.ts";

/** A part of a diffusion network as a graph for one batch size. */
export interface NetworkPart<Inputs, Output> {
  /** Fed under their names here; conditions under `conditionName`. */
  readonly inputs: Inputs;
  readonly output: Output;
  /** In order of declaration, the same for every batch size. */
  readonly parameters: readonly Parameter[];
}

/** The size of a diffusion network. */
export type NetworkConfig = UNet1dConfig;

/** Channels of the noisy drawing: two coordinates, and the pen where it is one of them. */
export const channelsOf = ({ pen }: NetworkConfig): number => (pen === "channel" ? 3 : 2);

const conditionInputs = ({ mostGuidance }: NetworkConfig, batch: number): ConditionInputs => ({
  times: input("times", [batch]),
  labels: input("labels", [batch], "int64"),
  ...(mostGuidance && { guidance: input("guidance", [batch]) }),
});

const drawingInputs = (config: NetworkConfig, batch: number): Omit<DenoiserInputs, "conditions"> => ({
  noisy: input("noisy", [batch, config.points, channelsOf(config)]),
  ...((config.beginnings ?? 0) > 0 && { known: input("known", [batch, config.points]) }),
});

/** What the input is called that takes a condition. */
export const conditionName = (place: string): string => `conditions.${place}`;

/** The first part: from time steps and labels to conditions. */
export function buildConditions(
  config: NetworkConfig,
  batch: number,
): NetworkPart<ConditionInputs, Conditions> {
  const inputs = conditionInputs(config, batch);
  const { scope, parameters } = parameterScope();
  return { inputs, output: unet1dConditions(scope, config, inputs), parameters };
}

/**
 * The second part: from noisy drawings and conditions to predictions. In natural order a drawing's numbers are the same
 * to the bit whatever stands beside it in the batch; tiles are faster, and mix the batch's columns in one product.
 */
export function buildDenoiser(
  config: NetworkConfig,
  batch: number,
  order: Order = "natural",
): NetworkPart<DenoiserInputs, Denoiser> {
  const conditions = Object.entries(conditionSizes(config)).map(([place, size]) => [
    place,
    input(conditionName(place), [batch, size]),
  ]);
  const inputs = { ...drawingInputs(config, batch), conditions: Object.fromEntries(conditions) };
  const { scope, parameters } = parameterScope();
  return { inputs, output: unet1d(scope, config, inputs, order), parameters };
}

/** Both parts in one graph; its parameters are those of the first, then those of the second. */
export function buildNetwork(
  config: NetworkConfig,
  batch: number,
  order: Order = "natural",
): NetworkPart<ConditionInputs & Omit<DenoiserInputs, "conditions">, Denoiser> {
  const inputs = { ...drawingInputs(config, batch), ...conditionInputs(config, batch) };
  const { scope, parameters } = parameterScope();
  const conditions = unet1dConditions(scope, config, inputs);
  return { inputs, output: unet1d(scope, config, { ...inputs, conditions }, order), parameters };
}
