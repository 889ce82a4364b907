import type { z } from "zod";
import { UsageError } from "../base/errors.ts";
import { didYouMean } from "../base/nearest.ts";

/**
 * A checked configuration.
 * @param name what the values come from (a file, the command line), for errors.
 * @throws UsageError naming each wrong key, what it must be and what was found; unknown keys with the nearest known one.
 */
export function parseConfig<T extends z.ZodObject>(schema: T, value: unknown, name: string): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys
        .map((key) => `unknown key "${key}".${didYouMean(key, Object.keys(schema.shape))}`)
        .join(" ");
    }
    const key = issue.path.join(".");
    const found = issue.path.reduce<unknown>(
      (at, part) => (isRecord(at) ? at[String(part)] : undefined),
      value,
    );
    const expected = issue.message.replace(/^Invalid \w+: /, "").replace(/, received \w+$/, "");
    return `${key || "the whole"}: ${expected}, found ${JSON.stringify(found) ?? "nothing"}`;
  });
  throw new UsageError(`${name}: ${problems.join("; ")}`);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
