import { Buffer } from "node:buffer";
import { basename } from "node:path";
import { UserError } from "../base/errors.ts";
import { importDrawings } from "../data/import/import.ts";
import type { ImportOptions } from "../data/import/imported.ts";
import { howToRaise, LONGEST_RECORD, limitOf } from "../data/limits.ts";
import { readFileBytes } from "../data/read/file.ts";
import { formOf, readDrawings } from "../data/read/readers.ts";
import { describeReport, newReadReport } from "../data/read/report.ts";
import { textOf } from "../data/read/text.ts";
import { pointCount, type Sketch } from "../sketch/sketch.ts";
import { type Reporter, silent } from "./reporter.ts";
import { noteSkips } from "./source.ts";

/**
 * Drawings of files that drawing programs wrote (SVG, Excalidraw, tldraw, InkML), or in any form that data is read in; in
 * the files' own unit of length, one after the other.
 * @throws UserError naming file and place for what cannot be read; nothing is then imported.
 */
export async function importSketches(
  paths: readonly string[],
  options: ImportOptions = {},
  reporter: Reporter = silent,
): Promise<Sketch[]> {
  const all: Sketch[] = [];
  const most = limitOf("points");
  for (const path of paths) {
    const sketches = await sketchesOf(path, options, reporter);
    for (const sketch of sketches)
      if (pointCount(sketch) > most)
        throw new UserError(
          `${path}: a drawing has ${pointCount(sketch)} points, expected at most ${most}; ${howToRaise("points")}.`,
        );
    all.push(...sketches);
  }
  return all;
}

async function sketchesOf(
  path: string,
  options: ImportOptions,
  reporter: Reporter,
): Promise<readonly Sketch[]> {
  const form = formOf(path)?.form;
  // Drawing programs write JSON too, and theirs is no data.
  if (form !== undefined && form !== ".json") {
    const report = newReadReport();
    const sketches: Sketch[] = [];
    for await (const { sketch } of readDrawings(readFileBytes(path), path, report)) sketches.push(sketch);
    if (report.skips.size > 0)
      throw new UserError(`${path}: ${describeReport(report).replace(/\n\s*/g, "; ")}; nothing is imported.`);
    noteSkips(basename(path), report, reporter);
    return sketches;
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of textOf(readFileBytes(path), path)) {
    bytes += chunk.length;
    if (bytes > LONGEST_RECORD)
      throw new UserError(
        `${path}: expected at most ${LONGEST_RECORD / 2 ** 20} MiB of text in a drawing program's file.`,
      );
    chunks.push(chunk);
  }
  const { sketches, notes } = importDrawings(Buffer.concat(chunks).toString("utf8"), path, options);
  for (const note of notes) reporter.note(`${path}: ${note}`);
  return sketches;
}
