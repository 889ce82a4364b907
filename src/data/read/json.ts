import { messageOf } from "../../base/errors.ts";
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

/** The most brackets that are open at once, those in strings left out. */
function nestingOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const letter = text.charCodeAt(i);
    if (letter === 0x22) quoted = !quoted;
    else if (quoted) {
      if (letter === 0x5c) i++;
    } else if (letter === 0x5b || letter === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (letter === 0x5d || letter === 0x7d) depth--;
  }
  return deepest;
}

/** A value from a file, short enough for one line of a report. */
export function show(value: unknown): string {
  if (typeof value === "number") return String(value);
  const json = JSON.stringify(value) ?? "nothing";
  return json.length > 60 ? `${json.slice(0, 57)}...` : json;
}
