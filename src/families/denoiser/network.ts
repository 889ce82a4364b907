import type { ConditionInputs, Conditions, Denoiser, DenoiserInputs } from "../../diffusion/denoiser.ts";
import type { Order } from "../../graph/order.ts";
import { input, type Tensor } from "../../graph/tensor.ts";
import { type Parameter, parameterScope, type Scope } from "../../nn/parameters.ts";
import type { DenoiserConfig, DenoiserSettings } from "./settings.ts";

/** What of its settings says what a network is given. */
export interface RowSettings
  extends Pick<DenoiserSettings, "points" | "prefixConditioning" | "maxGuidance" | "prediction"> {
  /** Numbers of the code that every drawing is decoded from, for decoders of codes. */
  readonly codeSize?: number;
}

/** A network's settings, and what follows from the data. */
export type Sizes<S extends RowSettings = DenoiserSettings> = S & {
  /** Categories; their embedding has one row more, for "no class". */
  readonly classes: number;
  /** Of a noisy drawing: two coordinates, and the pen where it is one of them. */
  readonly channels: number;
};

/**
 * A network that takes the noise off drawings, in two parts. The first makes of time step and category what they do to any
 * drawing; it is computed once for a whole batch, or for all steps of a sampler. The second makes a prediction of noisy
 * drawings and these conditions.
 */
export interface DenoiserNetwork<S extends RowSettings = RowSettings> {
  /** Numbers of each condition, by the name of its place. */
  conditionSizes(settings: S): Readonly<Record<string, number>>;
  conditions(scope: Scope, sizes: Sizes<S>, inputs: ConditionInputs): Conditions;
  /** In tiles the points may be in that order inside; noisy drawings and predictions are in natural order. */
  denoise(scope: Scope, sizes: Sizes<S>, inputs: DenoiserInputs, order: Order): Denoiser;
  /** The order that is fastest to train in; natural unless there is one. */
  trainingOrder?(settings: S): Order;
}

/** A denoiser and its sizes. */
export interface SizedNetwork<S extends RowSettings = RowSettings> {
  readonly network: DenoiserNetwork<S>;
  readonly sizes: Sizes<S>;
}

export const sizesOf = <S extends DenoiserSettings>({
  network,
  categories,
}: Pick<DenoiserConfig<S>, "network" | "categories">): Sizes<S> => ({
  ...network,
  classes: categories.length,
  channels: network.pen === "channel" ? 3 : 2,
});

/** A part of a network as a graph for one batch size. */
export interface NetworkPart<Inputs, Output> {
  /** Fed under their names here; conditions under `conditionName`. */
  readonly inputs: Inputs;
  readonly output: Output;
  /** In order of declaration, the same for every batch size. */
  readonly parameters: readonly Parameter[];
}

const conditionInputs = ({ maxGuidance }: RowSettings, batch: number): ConditionInputs => ({
  times: input("times", [batch]),
  labels: input("labels", [batch], "int64"),
  ...(maxGuidance && { guidance: input("guidance", [batch]) }),
});

const drawingInputs = (
  { points, channels, prefixConditioning, codeSize }: Sizes<RowSettings>,
  batch: number,
): Omit<DenoiserInputs, "conditions"> => ({
  noisy: input("noisy", [batch, points, channels]),
  ...(prefixConditioning > 0 && { known: input("known", [batch, points]) }),
  ...(codeSize !== undefined && { code: input("code", [batch, codeSize]) }),
});

/** What the input is called that takes a condition. */
export const conditionName = (place: string): string => `conditions.${place}`;

/** The first part: from time steps and labels to conditions. */
export function buildConditions<S extends RowSettings>(
  { network, sizes }: SizedNetwork<S>,
  batch: number,
): NetworkPart<ConditionInputs, Conditions> {
  const inputs = conditionInputs(sizes, batch);
  const { scope, parameters } = parameterScope();
  return { inputs, output: network.conditions(scope, sizes, inputs), parameters };
}

/**
 * The second part: from noisy drawings and conditions to predictions. In natural order a drawing's numbers are the same
 * to the bit whatever stands beside it in the batch; tiles are faster, and mix the batch's columns in one product.
 * @param code what an encoder makes of each drawing, for networks that decode codes; fed unless given.
 */
export function buildDenoiser<S extends RowSettings>(
  { network, sizes }: SizedNetwork<S>,
  batch: number,
  order: Order = "natural",
  code?: Tensor,
): NetworkPart<DenoiserInputs, Denoiser> {
  const conditions = Object.entries(network.conditionSizes(sizes)).map(([place, size]) => [
    place,
    input(conditionName(place), [batch, size]),
  ]);
  const inputs = {
    ...drawingInputs(sizes, batch),
    ...(code && { code }),
    conditions: Object.fromEntries(conditions),
  };
  const { scope, parameters } = parameterScope();
  return { inputs, output: network.denoise(scope, sizes, inputs, order), parameters };
}

/** Both parts in one graph; its parameters are those of the first, then those of the second. */
export function buildNetwork<S extends RowSettings>(
  { network, sizes }: SizedNetwork<S>,
  batch: number,
  order: Order = "natural",
): NetworkPart<ConditionInputs & Omit<DenoiserInputs, "conditions">, Denoiser> {
  const inputs = { ...drawingInputs(sizes, batch), ...conditionInputs(sizes, batch) };
  const { scope, parameters } = parameterScope();
  const conditions = network.conditions(scope, sizes, inputs);
  return { inputs, output: network.denoise(scope, sizes, { ...inputs, conditions }, order), parameters };
}

/** The network's parameters in order; they do not depend on the batch. */
export const parametersOf = <S extends RowSettings>(sized: SizedNetwork<S>): readonly Parameter[] =>
  buildNetwork(sized, 1).parameters;
