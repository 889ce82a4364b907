import { readFile } from "node:fs/promises";
import type { z } from "zod";
import { messageOf, UserError } from "../base/errors.ts";
import { parseJson } from "../base/json.ts";
import { fileFailure } from "../files/failure.ts";
import { checkpointOf, configFile } from "../training/run.ts";
import { configFromEnvironment, configFromFlags, variableOf } from "./options.ts";
import type { Output } from "./output.ts";

interface Sources<Config> {
  readonly schema: z.ZodObject;
  readonly parse: (value: unknown, name: string) => Config;
  readonly preset: Config;
  /** Settings that a run which has learnt something cannot go on without. */
  readonly bound: readonly (keyof Config & string)[];
}

interface ConfigFlags {
  /** The run's folder. */
  readonly out: string;
  readonly resume?: boolean;
  /** A JSON file of configuration keys. */
  readonly config?: string;
}

/**
 * Flag before environment before configuration file before preset. A resumed run's own configuration stands for the
 * environment and the preset that it was made from; a variable that says something else is told of.
 * @throws UserError for a setting that a resumed run cannot change.
 */
export async function resolveConfig<Config extends object>(
  { schema, parse, preset, bound }: Sources<Config>,
  flags: ConfigFlags,
  to: Output,
): Promise<Config> {
  const { resume, out } = flags;
  const base = resume ? parse(await readJson(configFile(out)), configFile(out)) : preset;
  const environment = configFromEnvironment(schema, process.env);
  const file = flags.config === undefined ? {} : await readJson(flags.config);
  if (typeof file !== "object" || file === null || Array.isArray(file)) {
    throw new UserError(`${flags.config}: expected an object of configuration keys.`);
  }
  // The file's own keys are checked first, so that the error names the file.
  if (flags.config !== undefined) parse({ ...base, ...file }, flags.config);
  const given = configFromFlags(schema, { ...flags });
  if (!resume) return parse({ ...base, ...file, ...environment, ...given }, "configuration");

  const config = parse({ ...base, ...file, ...given }, "configuration");
  const text = (value: unknown) => JSON.stringify(value);
  for (const key of (await checkpointOf(out)) === undefined ? [] : bound) {
    if (text(config[key]) !== text(base[key]))
      throw new UserError(
        `${out} was trained with ${key} ${text(base[key])}, now it is ${text(config[key])}; resume with ${text(base[key])}, or train anew in another folder.`,
      );
  }
  const goesOnWith = new Map<string, unknown>(Object.entries(config));
  for (const [key, value] of Object.entries(environment)) {
    if (text(value) !== text(goesOnWith.get(key)))
      to.note(`${variableOf(key)} is for new runs: ${out} goes on with ${key} ${text(goesOnWith.get(key))}.`);
  }
  return config;
}

const BYTE_ORDER_MARK = /^\uFEFF/;

/** A JSON file in UTF-8, with a byte order mark or without. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((error) => {
    throw fileFailure("read", path, error);
  });
  // JSON begins with ASCII, which UTF-16 writes with a zero byte.
  if (text.slice(0, 4).includes("\0"))
    throw new UserError(`${path} is UTF-16 text, expected UTF-8: save it again as UTF-8.`);
  try {
    return parseJson(text.replace(BYTE_ORDER_MARK, ""));
  } catch (error) {
    throw new UserError(`${path}: not valid JSON (${messageOf(error)}).`);
  }
}
