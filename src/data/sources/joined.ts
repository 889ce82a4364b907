import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { strokesHash } from "../key-hash.ts";
import type { ReadDrawing } from "../read/drawing.ts";
import { readDrawings } from "../read/readers.ts";
import { addReport, countSkip, newReadReport } from "../read/report.ts";
import type { CategoryFile } from "./category-files.ts";
import { fileBytes, type ReadOptions, readWith } from "./reading.ts";

/**
 * The drawings of a category, from one file or several. Of several, or of a part of one, each drawing's place among all
 * of them is its line, and one that has the strokes of a drawing in an earlier file is skipped and counted; that takes
 * some 100 bytes of memory a drawing.
 */
export async function* readAsOne(
  files: readonly CategoryFile[],
  options: ReadOptions,
): AsyncGenerator<ReadDrawing> {
  const [first, ...others] = files;
  if (first === undefined || first.holds !== undefined || others.length > 0)
    yield* readJoined(files, options);
  else yield* readWith(readDrawings, first.path, (progress) => fileBytes(first.path, progress), options);
}

async function* readJoined(
  files: readonly CategoryFile[],
  { limit = Infinity, report = newReadReport(), onProgress, signal }: ReadOptions,
): AsyncGenerator<ReadDrawing> {
  const totalBytes = await sizeOfAll(files);
  /** The file that a drawing was first met in, by its strokes. */
  const met = new Map<string, string>();
  let bytes = 0;
  let drawings = 0;
  for (const { path, holds } of files) {
    const ofFile = newReadReport();
    let bytesOfFile = 0;
    const options = {
      report: ofFile,
      signal,
      onProgress(progress: { bytes: number }) {
        bytesOfFile = progress.bytes;
        onProgress?.({ bytes: bytes + bytesOfFile, totalBytes, drawings });
      },
    };
    try {
      for await (const drawing of readWith(
        readDrawings,
        path,
        (progress) => fileBytes(path, progress),
        options,
      )) {
        if (drawings >= limit) return;
        if (holds?.(drawing.sketch) === false) continue;
        const line = report.lines++;
        const first = files.length > 1 ? firstWith(met, strokesHash(drawing.sketch), path) : path;
        if (first !== path) {
          const found = `in ${basename(path)}, of ${basename(first)}`;
          countSkip(report, line, { reason: "copy of a drawing in another file", found });
          continue;
        }
        report.read++;
        drawings++;
        yield { ...drawing, line };
      }
    } finally {
      addReport(report, basename(path), ofFile);
    }
    bytes += bytesOfFile;
  }
}

function firstWith(met: Map<string, string>, key: string, path: string): string {
  const first = met.get(key) ?? path;
  met.set(key, first);
  return first;
}

async function sizeOfAll(files: readonly CategoryFile[]): Promise<number> {
  const sizes = await Promise.all(files.map(({ path }) => stat(path)));
  return sizes.reduce((sum, { size }) => sum + size, 0);
}
