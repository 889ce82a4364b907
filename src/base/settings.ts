import { z } from "zod";
import { UsageError } from "./errors.ts";
import { didYouMean } from "./nearest.ts";

/**
 * A setting of a configuration, under the one name that it has on the command line, in the environment and in files: its
 * key, or what its schema's `meta` says as `setting`; none where that is empty.
 */
export interface Setting {
  readonly name: string;
  /** Where it stands: in one section, or in several of the same kind. */
  readonly paths: readonly (readonly string[])[];
  readonly schema: z.ZodType;
}

type Values = Readonly<Record<string, unknown>>;

const isValues = (value: unknown): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** All settings of a configuration whose sections are objects in it, in their order. */
export function settingsOf(schema: z.ZodObject): Setting[] {
  const found = new Map<string, Setting>();
  const walk = (object: z.ZodObject, path: readonly string[]): void => {
    for (const [key, child] of Object.entries<unknown>(object.shape)) {
      if (child instanceof z.ZodObject) walk(child, [...path, key]);
      else if (child instanceof z.ZodType) {
        const { setting: name = key } = child.meta() ?? {};
        if (typeof name !== "string" || name === "") continue;
        const before = found.get(name);
        found.set(name, {
          name,
          paths: [...(before?.paths ?? []), [...path, key]],
          schema: before?.schema ?? child,
        });
      }
    }
  };
  walk(schema, []);
  return [...found.values()];
}

/** The value at a path; undefined where there is none. */
export const valueAt = (config: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((at, key) => (isValues(at) ? at[key] : undefined), config);

/** A configuration with another value at a path. */
function withValue(config: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const values = isValues(config) ? config : {};
  return { ...values, [key]: withValue(values[key], rest, value) };
}

/**
 * A configuration with some of its settings changed: by section, by name, or both. What is no setting is refused.
 * @param changes sections (objects) with their own keys, and settings by their names.
 * @param name where the changes come from, for errors.
 */
export function withSettings(schema: z.ZodObject, config: unknown, changes: Values, name = ""): unknown {
  const settings = settingsOf(schema);
  return Object.entries(changes).reduce<unknown>((changed, [key, value]) => {
    const setting = settings.find((other) => other.name === key);
    if (isValues(value) && schema.shape[key] instanceof z.ZodObject) return merged(changed, { [key]: value });
    if (setting === undefined) {
      const known = settings.map((other) => other.name);
      throw new UsageError(`${name === "" ? "" : `${name}: `}unknown key "${key}".${didYouMean(key, known)}`);
    }
    return setting.paths.reduce<unknown>((at, path) => withValue(at, path, value), changed);
  }, config);
}

function merged(config: unknown, changes: Values): Values {
  const values = isValues(config) ? config : {};
  const entries = Object.entries(changes).map(([key, value]) => [
    key,
    isValues(value) ? merged(values[key], value) : value,
  ]);
  return { ...values, ...Object.fromEntries(entries) };
}
