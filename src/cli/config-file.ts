import { readFile } from "node:fs/promises";
import type { z } from "zod";
import { messageOf, UserError } from "../base/errors.ts";
import { parseJson } from "../base/json.ts";
import { fileFailure } from "../files/failure.ts";
import { configFile } from "../training/run.ts";
import { configFromEnvironment, configFromFlags } from "./options.ts";

interface Sources<Config> {
  readonly schema: z.ZodObject;
  readonly parse: (value: unknown, name: string) => Config;
  readonly preset: Config;
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
 * environment and the preset that it was made from.
 */
export async function resolveConfig<Config>(
  { schema, parse, preset }: Sources<Config>,
  flags: ConfigFlags,
): Promise<Config> {
  const { resume, out } = flags;
  const base = resume ? parse(await readJson(configFile(out)), configFile(out)) : preset;
  const environment = resume ? {} : configFromEnvironment(schema, process.env);
  const file = flags.config === undefined ? {} : await readJson(flags.config);
  if (typeof file !== "object" || file === null || Array.isArray(file)) {
    throw new UserError(`${flags.config}: expected an object of configuration keys.`);
  }
  // The file's own keys are checked first, so that the error names the file.
  if (flags.config !== undefined) parse({ ...base, ...file }, flags.config);
  const given = { ...environment, ...configFromFlags(schema, { ...flags }) };
  return parse({ ...base, ...file, ...given }, "configuration");
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
