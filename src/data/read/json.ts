import { messageOf } from "../../base/errors.ts";
import { nestingOf } from "../../base/json.ts";
import type { Problem } from "./report.ts";

/** A drawing's record is nested five deep. */
const DEEPEST = 64;

/** The value of a JSON text, or why it has none. */
export function parseJson(text: string): { readonly value: unknown } | Problem {
  // What handles a value level by level would run out of stack.
  if (nestingOf(text) > DEEPEST)
    return { reason: "nested too deeply", found: `more than ${DEEPEST} brackets in each other` };
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { reason: "broken JSON", found: messageOf(error) };
  }
}

/** A value from a file, short enough for one line of a report. */
export function show(value: unknown): string {
  if (typeof value === "number") return String(value);
  const json = JSON.stringify(value) ?? "nothing";
  return json.length > 60 ? `${json.slice(0, 57)}...` : json;
}
