import { input, type Tensor } from "../../graph/tensor.ts";
import { type Parameter, parameterCount, parameterScope, type Scope } from "../../nn/parameters.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { Normalisation } from "../../sketch/normalisation.ts";
import type { Optimisation } from "../../training/optimisation.ts";
import type { Task } from "../../training/task.ts";
import type { DenoiserDraws } from "../denoiser/draw-settings.ts";
import { type DenoiserNetwork, parametersOf, type RowSettings, type Sizes } from "../denoiser/network.ts";
import type { TrainingSet } from "../denoiser/training-set.ts";
import type { Following, GeneratedSketch } from "../request.ts";
import type { CodeConfig, CodeSettings } from "./settings.ts";

/** A network that makes codes of drawings, one that makes drawings of codes, and one that makes codes of noise. */
export interface Autoencoder<S extends CodeSettings = CodeSettings, T extends Optimisation = Optimisation> {
  /** A code's rows, and numbers of a row. */
  codeShape(settings: S): { readonly points: number; readonly channels: number };
  /** Codes [batch, points of a code, channels] of drawings [batch, points, 3]: coordinates and pen. */
  encode(scope: Scope, settings: S, drawings: Tensor): Tensor;
  /** The decoder as a graph for one drawing; its parameters in order of declaration. */
  buildDecoder(
    settings: S,
    classes: number,
  ): { readonly output: Readonly<Record<string, Tensor>>; readonly parameters: readonly Parameter[] };
  /** What the encoder and the decoder learn together; their parameters in this order. */
  task(settings: S, classes: number, training: T, set: TrainingSet): Pick<Task, "lossGraph" | "makeBatch">;
  openDecoder(config: CodeConfig<S>, weights: Float32Array, runtime: Runtime): Decoder;
  readonly prior: DenoiserNetwork<S & RowSettings>;
  /** Part of a training's time that the prior takes, 0 .. 1. */
  readonly priorShare: number;
}

/** Drawings to make of codes. */
interface DecodeJob extends Following {
  readonly category: string;
  /** Another category, and how much of it, 0 .. 1. */
  readonly blend?: { readonly category: string; readonly share: number };
  /** Of the category, or between those of two. */
  readonly normalisation: Normalisation;
  readonly seed: number;
  /** Index of the first drawing. */
  readonly first: number;
  readonly count: number;
  /** [count, points of a code, channels]. */
  readonly codes: Float32Array;
  readonly settings: DenoiserDraws;
}

/** A decoder, compiled. */
export interface Decoder {
  /** It makes a drawing of a code at once, so that a prior's steps can be shown. */
  readonly direct: boolean;
  decode(job: DecodeJob): AsyncGenerator<GeneratedSketch>;
  dispose(): Promise<void>;
}

/** Coordinates and pen. */
const CHANNELS = 3;

/** The encoder as a graph for so many drawings, which it is fed as "drawings" unless they are given. */
export function buildEncoder<S extends CodeSettings>(
  { encode }: Pick<Autoencoder<S>, "encode">,
  settings: S,
  batch: number,
) {
  const drawings = input("drawings", [batch, settings.points, CHANNELS]);
  const { scope, parameters } = parameterScope();
  return { codes: encode(scope.child("encoder"), settings, drawings), parameters };
}

/** The prior and its sizes: to it a code is what a drawing is to other denoisers. */
export function sizedPrior<S extends CodeSettings>(
  { prior, codeShape }: Pick<Autoencoder<S>, "prior" | "codeShape">,
  { network, categories }: Pick<CodeConfig<S>, "network" | "categories">,
) {
  const sizes: Sizes<S & RowSettings> = {
    ...network,
    ...codeShape(network),
    classes: categories.length,
    prediction: "v",
    prefixConditioning: 0,
  };
  return { network: prior, sizes };
}

/** The parameters of the three networks, in the order of a model's weights. */
function allParameters<S extends CodeSettings>(
  autoencoder: Autoencoder<S>,
  config: Pick<CodeConfig<S>, "network" | "categories">,
) {
  const { network, categories } = config;
  return {
    encoder: buildEncoder(autoencoder, network, 1).parameters,
    decoder: autoencoder.buildDecoder(network, categories.length).parameters,
    prior: parametersOf(sizedPrior(autoencoder, config)),
  };
}

export const codeParameters = <S extends CodeSettings>(
  ...model: Parameters<typeof allParameters<S>>
): readonly Parameter[] => Object.values(allParameters(...model)).flat();

/** The weights of each network. */
export function partsOf<S extends CodeSettings>(
  autoencoder: Autoencoder<S>,
  config: Pick<CodeConfig<S>, "network" | "categories">,
  weights: Float32Array,
) {
  const { encoder, decoder } = allParameters(autoencoder, config);
  const first = parameterCount(encoder);
  const second = parameterCount(decoder);
  return {
    encoder: weights.subarray(0, first),
    decoder: weights.subarray(first, first + second),
    prior: weights.subarray(first + second),
  };
}
