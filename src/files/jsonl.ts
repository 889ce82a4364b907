import { appendFile, readFile, truncate } from "node:fs/promises";
import { messageOf, UserError } from "../base/errors.ts";
import { parseJson } from "../base/json.ts";
import { fileFailure } from "./failure.ts";

/**
 * Adds one line to a log of JSON lines, creating the file where missing.
 * @throws UserError when the file cannot be written.
 */
export async function appendJsonLine(path: string, value: unknown): Promise<void> {
  try {
    await appendFile(path, `${JSON.stringify(value)}\n`);
  } catch (error) {
    throw fileFailure("write", path, error);
  }
}

/**
 * The values of a log of JSON lines. A last line without its end of line was cut off when the process was killed
 * and is left out.
 * @throws UserError when the file cannot be read, or naming the line (from 1) that is not JSON.
 */
export async function readJsonLines(path: string): Promise<unknown[]> {
  return (await completeLines(path)).map(({ value }) => value);
}

/**
 * Cuts a log back to its leading lines for which `keep` holds, so that a resumed run can continue it; a line that
 * was cut off goes too. Lines that stay are not written again.
 * @throws UserError when the file cannot be read or written.
 */
export async function truncateJsonLines(path: string, keep: (value: unknown) => boolean): Promise<void> {
  const lines = await completeLines(path);
  const first = lines.findIndex(({ value }) => !keep(value));
  const kept = first < 0 ? lines : lines.slice(0, first);
  try {
    await truncate(path, kept.at(-1)?.end ?? 0);
  } catch (error) {
    throw fileFailure("write", path, error);
  }
}

/** The lines that are ended by a newline; `end` is the offset in bytes after it. */
async function completeLines(path: string): Promise<{ value: unknown; end: number }[]> {
  const bytes = await readFile(path).catch((error) => {
    throw fileFailure("read", path, error);
  });
  const lines: { value: unknown; end: number }[] = [];
  let begin = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, begin)) {
    try {
      lines.push({ value: parseJson(bytes.toString("utf8", begin, at)), end: at + 1 });
    } catch (error) {
      throw new UserError(
        `${path}:${lines.length + 1}: expected one JSON value a line (${messageOf(error)}); mend or remove the line`,
      );
    }
    begin = at + 1;
  }
  return lines;
}
