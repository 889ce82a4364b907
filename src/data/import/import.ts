import { messageOf, UserError } from "../../base/errors.ts";
import { parseJson } from "../../base/json.ts";
import { valueAt } from "../../base/settings.ts";
import { readExcalidraw } from "./excalidraw.ts";
import type { Imported, ImportOptions } from "./imported.ts";
import { readInkml } from "./inkml.ts";
import { readSvg } from "./svg.ts";
import { readTldraw } from "./tldraw.ts";
import { parseXml } from "./xml.ts";

const EXPECTED = "expected an SVG, a file of Excalidraw or tldraw, or InkML";

/**
 * The drawings of a file that a drawing program wrote; its kind is told by what is in it.
 * @param text of the file.
 * @param file its name, for errors.
 * @throws UserError naming file and place for what cannot be read, or nothing to draw.
 */
export function importDrawings(text: string, file: string, options: ImportOptions = {}): Imported {
  const begins = text.trimStart()[0];
  if (begins === "<") {
    const root = parseXml(text, file);
    if (root.name === "svg") return readSvg(root, file, options);
    if (root.name === "ink") return readInkml(root, file, options);
    throw new UserError(`${file}: ${EXPECTED}, found <${root.name}>.`);
  }
  if (begins === "{") {
    const value = json(text, file);
    if (valueAt(value, ["type"]) === "excalidraw") return readExcalidraw(value, file, options);
    if (valueAt(value, ["tldrawFileFormatVersion"]) !== undefined) return readTldraw(value, file, options);
  }
  throw new UserError(`${file}: ${EXPECTED}, found something else.`);
}

function json(text: string, file: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new UserError(`${file}: expected JSON, found: ${messageOf(error)}.`);
  }
}
