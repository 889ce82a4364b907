import { UsageError } from "../base/errors.ts";
import { didYouMean } from "../base/nearest.ts";
import { renamed } from "../base/renamed.ts";
import { withSettings } from "../base/settings.ts";
import {
  DEFAULT_FAMILY,
  type FamilyName,
  parseRunConfig,
  type RunConfig,
  type RunOf,
  requireFamily,
} from "./registry.ts";

/** What older versions call presets, by the names of now. */
const RENAMED_PRESETS: Readonly<Record<string, string | undefined>> = { seed: "baseline" };

export const DEFAULT_PRESET = "quick";

/** The preset of a family; throws a UsageError for a name that it has not. */
export function presetOf(family: string, name: string = DEFAULT_PRESET): RunConfig {
  const { presets } = requireFamily(family);
  const known = Object.keys(presets);
  const found = new Map<string, RunConfig>(Object.entries(presets)).get(RENAMED_PRESETS[name] ?? name);
  if (found === undefined)
    throw new UsageError(
      `the family ${family} has no preset "${name}", expected one of ${known.join(", ")}.${didYouMean(name, known)}`,
    );
  return found;
}

/** Settings by their names, such as `points` or `epochs`, or by their sections. */
export interface Changes {
  readonly [setting: string]: unknown;
}

/**
 * The configuration of a run: a preset with some settings changed.
 * @param changes settings by their names, such as `points` or `epochs`, or by their sections; `family` names another family.
 * @throws UsageError naming every setting that is wrong.
 */
export function configure<Name extends FamilyName>(
  preset: string,
  changes: Changes & { readonly family: Name },
): RunOf<Name>;
export function configure(
  preset: string,
  changes?: Changes & { readonly family?: undefined },
): RunOf<typeof DEFAULT_FAMILY>;
export function configure(preset: string, changes?: Changes & { readonly family?: string }): RunConfig;
export function configure(
  preset: string,
  { family = DEFAULT_FAMILY, ...changes }: Changes & { readonly family?: string | undefined } = {},
): RunConfig {
  const { runSchema } = requireFamily(family, "configure");
  const config = withSettings(runSchema, presetOf(family, preset), changes, "configure");
  return parseRunConfig(config, "configure");
}

/**
 * A run's configuration as it stands in a file: by sections, or all in one object, as older versions wrote it.
 * @param name the file's name, for errors.
 */
export function readRunConfig(value: unknown, name: string): { config: RunConfig; isOld: boolean } {
  if (typeof value !== "object" || value === null || Array.isArray(value) || "network" in value)
    return { config: parseRunConfig(value, name), isOld: false };
  const settings = renamed({ family: DEFAULT_FAMILY, ...value });
  const { runSchema } = requireFamily(String(settings.family), name);
  return { config: parseRunConfig(withSettings(runSchema, {}, settings, name), name), isOld: true };
}
