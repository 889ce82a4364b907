import { type Command, Option } from "commander";
import { z } from "zod";
import { checked } from "../base/check.ts";
import { UsageError } from "../base/errors.ts";
import { didYouMean } from "../base/nearest.ts";
import { finiteNumber, wholeNumber } from "../base/numbers.ts";
import { settingsOf } from "../base/settings.ts";
import { samplerNames } from "../diffusion/samplers.ts";
import { drawKeys } from "../families/request.ts";

interface KeyRule {
  readonly type: string;
  readonly choices: readonly string[];
  readonly description: string;
}

/** What a flag or an environment variable of a setting takes, and its help. */
function ruleOf(name: string, schema: z.ZodType): KeyRule {
  const { type, description = "", enum: choices = [] } = z.toJSONSchema(schema);
  if (type === undefined && choices.length === 0) throw new Error(`the setting ${name} needs a type`);
  return { type: String(type), description, choices: choices.map(String) };
}

const words = (key: string): string[] => key.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
/** The flag of a configuration key. */
export const flagOf = (key: string): string => `--${words(key).join("-")}`;
/** The environment variable of a configuration key. */
export const variableOf = (key: string): string => `CIZGI_${words(key).join("_").toUpperCase()}`;

const BOOLEANS: Readonly<Record<string, boolean | undefined>> = {
  true: true,
  1: true,
  false: false,
  0: false,
};

/** A value as it is typed by a person; what does not fit is left for the schema to refuse. */
function parseText(text: string, { type }: KeyRule): unknown {
  if (type === "array") return text.split(",").map((part) => part.trim());
  if (type === "boolean") return BOOLEANS[text] ?? text;
  if (type !== "number" && type !== "integer") return text;
  return text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
}

/**
 * Gives a command one flag for every setting of some configurations that it has none for, with the setting's description
 * as its help.
 * @param schemas the first one's settings are shown by --help, the others' are understood.
 */
export function addConfigFlags(command: Command, ...schemas: readonly z.ZodObject[]): void {
  const known = new Set(command.options.map((option) => option.attributeName()));
  for (const [i, schema] of schemas.entries()) {
    for (const { name, schema: of } of settingsOf(schema)) {
      if (known.has(name)) continue;
      known.add(name);
      const rule = ruleOf(name, of);
      const value = rule.type === "array" ? "a,b,c" : rule.choices.join("|") || rule.type;
      const flag = rule.type === "boolean" ? flagOf(name) : `${flagOf(name)} <${value}>`;
      const option = new Option(flag, `${rule.description} (${variableOf(name)})`).hideHelp(i > 0);
      if (rule.type !== "boolean") option.argParser((text: string) => parseText(text, rule));
      command.addOption(option);
      if (rule.type === "boolean")
        command.addOption(new Option(flagOf(name).replace("--", "--no-")).hideHelp());
    }
  }
}

/** The settings of a configuration that environment variables such as CIZGI_BATCH_SIZE give. */
export function configFromEnvironment(
  schema: z.ZodObject,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, unknown> {
  const given = settingsOf(schema).flatMap(({ name, schema: of }): [string, unknown][] => {
    const text = env[variableOf(name)];
    return text ? [[name, parseText(text, ruleOf(name, of))]] : [];
  });
  return Object.fromEntries(given);
}

/** The settings of a configuration that flags give. */
export function configFromFlags(
  schema: z.ZodObject,
  flags: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const given = settingsOf(schema).filter(({ name }) => flags[name] !== undefined);
  return Object.fromEntries(given.map(({ name }) => [name, flags[name]]));
}

/** What a person types for a flag, checked by a schema, as what a program gives for the same key is. */
export function schemaFlag<T>(flag: string, schema: z.ZodType<T>): (text: string) => T {
  const named = z.object({ [flag]: schema });
  const rule = ruleOf(flag, schema);
  return (text) => {
    const value = parseText(text, rule);
    checked(named, { [flag]: value });
    return schema.parse(value);
  };
}

/** A whole number at least `least` from a flag. */
export const integerFlag = (flag: string, least: number) => schemaFlag(flag, wholeNumber(least));

/** Whole numbers of at least `least`, between commas. */
export const integersFlag = (flag: string, least: number) => {
  const one = integerFlag(flag, least);
  return (text: string): number[] => text.split(",").map(one);
};

/** A number from `least` to `most` from a flag. */
export const numberFlag = (flag: string, least: number, most?: number) =>
  schemaFlag(flag, finiteNumber(least, most));

/** Gives a command the flags that say how a model draws. */
export function addDrawFlags(command: Command): Command {
  for (const [key, schema] of Object.entries<z.ZodType>(drawKeys)) {
    const flag = flagOf(key);
    const value = key === "sampler" ? samplerNames.join("|") : "n";
    command.option(`${flag} <${value}>`, schema.description ?? "", schemaFlag(flag, schema));
  }
  return command;
}

/** One of `choices` from a flag. */
export const choiceFlag =
  <T extends string>(flag: string, choices: readonly T[]) =>
  (text: string): T => {
    const found = choices.find((choice) => choice === text);
    if (found === undefined) {
      throw new UsageError(
        `${flag} takes one of ${choices.join(", ")}, found "${text}".${didYouMean(text, choices)}`,
      );
    }
    return found;
  };
