import { z } from "zod";
import { checked, type KeysOf } from "../base/check.ts";
import { UserError } from "../base/errors.ts";
import type { Parameter } from "../nn/parameters.ts";
import { decodeWeights } from "../weights/decode.ts";
import { encodeSafetensors, type StoredTensor } from "../weights/safetensors.ts";
import { joinTensors, splitTensors } from "../weights/tensors.ts";
import type { Adapting, AnyModel } from "./family.ts";
import { checkModel } from "./model.ts";
import { familyOf, type Model, parseModelConfig } from "./registry.ts";

/** The newest layout of an adapter's file that this version reads. */
export const ADAPTER_FORMAT = 1;

const share = z.number().min(0).max(1);

/** What an adapter is. */
export interface AdapterConfig {
  /** The layout of its file. */
  readonly adapter: number;
  readonly category: string;
  /** The model that it belongs to: its name, and the SHA-256 of its weights in hexadecimal digits. */
  readonly base: { readonly name: string; readonly sha256: string };
  readonly rank: number;
  /** Weight of guidance, away from what the model itself says without a category; 1: none. */
  readonly guidance: number;
  /** Measured of the drawings; the model's family knows what it is. */
  readonly learnt: object;
  /** How it was taught: drawings learnt from and held out, and training steps. */
  readonly taught: {
    readonly drawings: number;
    readonly heldOut: number;
    readonly steps: number;
    readonly seed: number;
  };
  /** What it draws, against the drawings that it was taught with; see `Novelty`. */
  readonly measured?: { readonly novelty: number; readonly copies: number } | undefined;
}

const adapterSchema = z.strictObject({
  adapter: z.int().min(1).max(ADAPTER_FORMAT),
  category: z.string(),
  base: z.strictObject({ name: z.string(), sha256: z.string() }),
  rank: z.int().min(1),
  guidance: z.number().min(0),
  learnt: z.looseObject({}),
  taught: z.strictObject({
    drawings: z.int().min(1),
    heldOut: z.int().min(0),
    steps: z.int().min(0),
    seed: z.int().min(0),
  }),
  measured: z.strictObject({ novelty: z.number().min(0), copies: share }).optional(),
} satisfies KeysOf<AdapterConfig>);

/** A category that was taught to a model: a few numbers of its own over the model's weights, which stay as they are. */
export interface Adapter {
  readonly config: AdapterConfig;
  /** As they lie in its file, by the names of its parameters. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/** An adapter of its parameters' values; they are rounded to 8 bits, as its file holds them. */
export const adapterOf = (
  config: AdapterConfig,
  parameters: readonly Parameter[],
  values: Float32Array,
): Adapter => ({ config, tensors: new Map(splitTensors(parameters, values, { precision: "int8" })) });

/** What tells a model's weights from others': the SHA-256 of their float32 numbers, in hexadecimal digits. */
export async function hashOf(weights: Float32Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", weights.slice());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The bytes of an adapter's safetensors file. */
export const encodeAdapter = ({ config, tensors }: Adapter): Uint8Array<ArrayBuffer> =>
  encodeSafetensors(tensors, { config: JSON.stringify(config) });

const formatSchema = z.looseObject({ adapter: z.number() });

/**
 * An adapter from the bytes of its safetensors file.
 * @param name the file's name, for errors.
 * @throws UserError naming the file when it is damaged, newer than this version or no adapter.
 */
export function decodeAdapter(bytes: Uint8Array, name: string): Adapter {
  const { tensors, config } = decodeWeights(bytes, "adapter", name);
  const { success, data } = formatSchema.safeParse(config);
  if (!success)
    throw new UserError(
      `${name}: expected an adapter, as "cizgi teach" writes it, found another network's weights; a model is named by --model.`,
    );
  if (data.adapter > ADAPTER_FORMAT)
    throw new UserError(
      `${name}: written by a newer cizgi (adapter format ${data.adapter}, this one reads up to ${ADAPTER_FORMAT}); update cizgi to use it.`,
    );
  return { config: checked(adapterSchema, config, `${name} (config)`), tensors };
}

/** What the family of a model does with adapters; throws a UserError where it has none. */
export function adaptingOf({ config }: Pick<AnyModel, "config">): Adapting {
  const { adapting, name } = familyOf(config);
  if (adapting === undefined) throw new UserError(`models of the family ${name} take no adapters.`);
  return adapting;
}

/**
 * The model that an adapter makes of a model: it draws the adapter's category and no other. Its numbers are merged into the
 * weights, so that drawing costs the same; guidance goes away from what the model itself says without a category. `model`
 * stays as it is.
 * @throws UserError for an adapter of another model, and one whose numbers do not fit or are not finite.
 */
export async function adapt(model: Model, { config: adapter, tensors }: Adapter): Promise<Model> {
  checkModel(model);
  const { category, base, rank } = adapter;
  const name = `the adapter of ${category}`;
  const adapting = adaptingOf(model);
  const found = await hashOf(model.weights);
  if (found !== base.sha256)
    throw new UserError(
      `${name} belongs to another model: to ${base.name}, whose weights have the SHA-256 ${short(base.sha256)}, found ${short(found)}; draw with that one, or teach this one.`,
    );
  const own = joinTensors(tensors, "", adapting.parameters(model, rank), name);
  const { config, weights, guide } = adapting.merge(model, adapter, own);
  return { config: parseModelConfig(config, `${name} (config)`), weights, ...(guide && { guide }) };
}

const short = (sha256: string): string => `${sha256.slice(0, 12)}...`;
