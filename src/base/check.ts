import type { z } from "zod";
import { UsageError } from "./errors.ts";
import { didYouMean } from "./nearest.ts";
import { shown } from "./shown.ts";

/** A schema for every key of a type; one that is missing does not compile. */
export type KeysOf<T> = { readonly [Key in keyof T]-?: z.ZodType<T[Key]> };

/**
 * What came from outside, checked.
 * @param name what the values come from (a file, a function), for errors.
 * @throws UsageError naming each wrong key, what it must be and what was found; unknown keys with the nearest known one.
 */
export function checked<T extends z.ZodType>(schema: T, value: unknown, name = ""): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  // What is too large may break two rules in the same words.
  const problems = new Set(result.error.issues.map((issue) => problemOf(issue, schema, value)));
  throw new UsageError(`${name === "" ? "" : `${name}: `}${[...problems].join("; ")}`);
}

function problemOf(issue: z.core.$ZodIssue, schema: z.ZodType, value: unknown): string {
  const place = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, issue.path);
    return issue.keys
      .map((key) => `unknown key "${place === "" ? key : `${place}.${key}`}".${didYouMean(key, known)}`)
      .join(" ");
  }
  const found = issue.path.reduce<unknown>(
    (at, part) => (isRecord(at) ? at[String(part)] : undefined),
    value,
  );
  const expected = issue.message.replace(/^Invalid \w+: /, "").replace(/, received \w+$/, "");
  const meant =
    issue.code === "invalid_value" && typeof found === "string"
      ? didYouMean(found, issue.values.map(String)).replace(/^ /, ". ")
      : "";
  return `${place || "the whole"}: ${expected}, found ${shown(found)}${meant}`;
}

/** The keys of the object schema at a path. */
const keysAt = (schema: unknown, [key, ...path]: readonly PropertyKey[]): string[] => {
  const shape = isRecord(schema) && isRecord(schema.shape) ? schema.shape : {};
  return key === undefined ? Object.keys(shape) : keysAt(shape[String(key)], path);
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
