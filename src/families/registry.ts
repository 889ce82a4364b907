import { z } from "zod";
import { UsageError } from "../base/errors.ts";
import { didYouMean } from "../base/nearest.ts";
import * as all from "./all.ts";
import type { Family } from "./family.ts";

/** The name of a family. */
export type FamilyName = keyof typeof all;
/** The configuration of a training run of a family. */
export type RunOf<Name extends FamilyName> = ReturnType<(typeof all)[Name]["parseRun"]>;

/** All families, by their names. */
export const families = { ...all };

/** The names of all families. */
export const familyNames = Object.keys(families) as FamilyName[];
/** The family that is taken where none is named. */
export const DEFAULT_FAMILY = "unet1d" satisfies FamilyName;

type AnyFamily = (typeof families)[FamilyName];
/** The configuration of a training run. */
export type RunConfig = RunOf<FamilyName>;
/** What a trained network is, and how it draws unless told otherwise. */
export type ModelConfig = ReturnType<AnyFamily["parseModel"]>;

/** A trained network, ready to draw. */
export interface Model {
  readonly config: ModelConfig;
  /** All weights, in the order of the network's parameters. */
  readonly weights: Float32Array;
  /** Of a model with an adapter: the weights whose prediction without a category guidance goes away from. */
  readonly guide?: Float32Array;
}

const isFamily = (name: string): name is FamilyName => Object.hasOwn(families, name);

/**
 * @param from where the name comes from, for errors.
 * @throws UsageError for a name that no family has.
 */
export function requireFamily(name: string, from = ""): AnyFamily {
  if (isFamily(name)) return families[name];
  throw new UsageError(
    `${from === "" ? "" : `${from}: `}there is no family "${name}", expected one of ${familyNames.join(", ")}.${didYouMean(name, familyNames)}`,
  );
}

/** The family of a run or a model. */
export const familyOf = ({ network }: { readonly network: { readonly family: string } }): Family =>
  requireFamily(network.family);

const namedSchema = z.looseObject({ network: z.looseObject({ family: z.string() }) });

/** The family that a configuration names; the first one for a configuration that has no network at all. */
const namedIn = (value: unknown, name: string): AnyFamily => {
  const { success, data } = namedSchema.safeParse(value);
  return success ? requireFamily(data.network.family, name) : families[DEFAULT_FAMILY];
};

/** A checked configuration of a run; throws a UsageError that names the unknown family or every wrong key. */
export const parseRunConfig = (value: unknown, name: string): RunConfig =>
  namedIn(value, name).parseRun(value, name);

/** A checked configuration of a model; throws a UserError that names every wrong key. */
export const parseModelConfig = (value: unknown, name: string): ModelConfig =>
  namedIn(value, name).parseModel(value, name);
