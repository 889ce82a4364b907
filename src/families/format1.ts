import { renamed } from "../base/renamed.ts";

/** A model's configuration as it was before there were families: all keys in one object. */

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The keys of a sampler's settings, and what they were called. */
const SAMPLING = { samplingSteps: "steps", guidance: "guidance", sampler: "sampler", eta: "eta" } as const;

const isKeyOf = <T extends object>(names: T, key: PropertyKey): key is keyof T => Object.hasOwn(names, key);

/** The same in the newest format; what does not belong there is left for the schema to refuse. */
export function fromFormat1(value: unknown): unknown {
  if (!isObject(value)) return value;
  const { format: _, categories, normalisation, ...keys } = value;
  const network: Record<string, unknown> = {};
  const sampling: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries(renamed(keys))) {
    if (isKeyOf(SAMPLING, key)) sampling[SAMPLING[key]] = setting;
    else network[key] = setting;
  }
  return { format: 2, categories, network, learnt: { normalisation }, sampling };
}
