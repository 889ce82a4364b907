const LONGEST = 60;

/** Any value, short enough for one line of an error: as JSON where it has such a form. */
export function shown(value: unknown): string {
  const text = jsonOf(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;
}

function jsonOf(value: unknown): string {
  if (value === undefined) return "nothing";
  // JSON has neither NaN and Infinity nor large integers.
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (typeof value === "function" || typeof value === "symbol") return `a ${typeof value}`;
  try {
    return JSON.stringify(value, (_, part) =>
      typeof part === "bigint" || (typeof part === "number" && !Number.isFinite(part)) ? String(part) : part,
    );
  } catch {
    // It holds itself, or is nested deeper than the stack reaches.
    return Array.isArray(value) ? "a list without an end" : "an object without an end";
  }
}
