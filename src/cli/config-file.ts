import type { z } from "zod";
import { UserError } from "../base/errors.ts";
import { renamed } from "../base/renamed.ts";
import { settingsOf, valueAt, withSettings } from "../base/settings.ts";
import { readJson } from "../files/json.ts";
import { checkpointOf } from "../training/run.ts";
import { configFromEnvironment, configFromFlags, variableOf } from "./options.ts";
import type { Output } from "./output.ts";

interface Sources<Config> {
  readonly schema: z.ZodObject;
  readonly parse: (value: unknown, name: string) => Config;
  /** A preset, or what a run that is resumed was begun with. */
  readonly base: Config;
  /** The settings in the file of --config. */
  readonly file: Readonly<Record<string, unknown>>;
  /** Settings that a run which has learnt something cannot go on without. */
  readonly bound: readonly string[];
}

interface ConfigFlags {
  /** The run's folder. */
  readonly out: string;
  readonly resume?: boolean;
  /** A JSON file of settings. */
  readonly config?: string;
}

/** The settings in the file of --config; what that run was made from is not among them. */
export async function readSettings({
  config: path,
}: ConfigFlags): Promise<Readonly<Record<string, unknown>>> {
  if (path === undefined) return {};
  const file = await readJson(path);
  if (typeof file !== "object" || file === null || Array.isArray(file))
    throw new UserError(`${path}: expected an object of configuration keys.`);
  const { origin: _, ...settings } = renamed({ ...file });
  return settings;
}

/**
 * Flag before environment before configuration file before preset. A resumed run's own configuration stands for the
 * environment and the preset that it was made from; a variable that says something else is told of.
 * @throws UserError for a setting that a resumed run cannot change.
 */
export async function resolveConfig<Config extends object>(
  { schema, parse, base, file, bound }: Sources<Config>,
  flags: ConfigFlags,
  to: Output,
): Promise<Config> {
  const { resume, out } = flags;
  const withFile = withSettings(schema, base, file, flags.config);
  // The file's own keys are checked first, so that the error names the file.
  if (flags.config !== undefined) parse(withFile, flags.config);
  const environment = configFromEnvironment(schema, process.env);
  const given = configFromFlags(schema, { ...flags });
  if (!resume) return parse(withSettings(schema, withFile, { ...environment, ...given }), "configuration");

  const config = parse(withSettings(schema, withFile, given), "configuration");
  const text = (of: Config, name: string) => {
    const paths = settingsOf(schema).find((setting) => setting.name === name)?.paths ?? [];
    // Of several stages each, unless they are the same.
    const values = new Set(paths.map((path) => JSON.stringify(valueAt(of, path))));
    return [...values].join(", ");
  };
  for (const name of (await checkpointOf(out)) === undefined ? [] : bound) {
    const [before, now] = [base, config].map((of) => text(of, name));
    if (now !== before)
      throw new UserError(
        `${out} was trained with ${name} ${before}, now it is ${now}; resume with ${before}, or train anew in another folder.`,
      );
  }
  for (const [name, value] of Object.entries(environment)) {
    const goesOnWith = text(config, name);
    if (JSON.stringify(value) !== goesOnWith)
      to.note(`${variableOf(name)} is for new runs: ${out} goes on with ${name} ${goesOnWith}.`);
  }
  return config;
}
