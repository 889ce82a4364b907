import { readFile, stat } from "node:fs/promises";
import { messageOf, UserError } from "../base/errors.ts";
import { parseJson } from "../base/json.ts";
import { fileFailure } from "./failure.ts";

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

/** The same, where there is such a file. */
export const readJsonIfThere = (path: string): Promise<unknown> =>
  stat(path).then(
    () => readJson(path),
    () => undefined,
  );
