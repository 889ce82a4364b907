import { stat } from "node:fs/promises";
import { UserError } from "../../base/errors.ts";
import { limitOf } from "../limits.ts";
import type { ReadDrawing } from "../read/drawing.ts";
import { readFileBytes } from "../read/file.ts";
import type { Reader } from "../read/readers.ts";
import { countUnusable, newReadReport, type ReadReport, TooManySkips } from "../read/report.ts";
import { unusable } from "../read/unusable.ts";

/** How far reading is. */
export interface Progress {
  /** Read so far, of the network or a file. */
  bytes: number;
  /** Of the whole file, once known. */
  totalBytes?: number | undefined;
  drawings: number;
}

/** How a category is read. */
export interface ReadOptions {
  /** Stop after so many drawings. */
  readonly limit?: number | undefined;
  /** Counts reads and skips; a new one for each category. */
  readonly report?: ReadReport | undefined;
  /** Called now and then while reading. */
  readonly onProgress?: ((progress: Readonly<Progress>) => void) | undefined;
  /** Told in plain words what a person may want to know, such as a download begun afresh. */
  readonly onNotice?: ((text: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Where drawings come from; all sources stand for each other. */
export interface Source {
  readonly kind: "folder" | "http" | "synthetic";
  /** Names the source to a person: its path or address. */
  readonly description: string;
  /** The categories that it has. */
  categories(): Promise<readonly string[]>;
  /** Its own name of a category, however that is spelled. @throws UserError when it has no such category. */
  find(category: string): Promise<string>;
  /**
   * The drawings of a category in the order of its file; memory does not grow with the file.
   * @throws UserError when the source has no such category or cannot be read on.
   */
  drawings(category: string, options?: ReadOptions): AsyncGenerator<ReadDrawing>;
}

/**
 * Runs `read` over the bytes that `open` gives, with the limit, progress and abort signal of `options`. What is well
 * written and still no drawing of a person is skipped and counted.
 */
export async function* readWith(
  read: Reader,
  name: string,
  open: (progress: Progress) => AsyncIterable<Uint8Array>,
  { limit = Infinity, report = newReadReport(), onProgress, signal }: ReadOptions,
): AsyncGenerator<ReadDrawing> {
  if (limit <= 0) return;
  const progress: Progress = { bytes: 0, drawings: 0 };
  async function* counted() {
    for await (const chunk of open(progress)) {
      signal?.throwIfAborted();
      progress.bytes += chunk.length;
      onProgress?.(progress);
      yield chunk;
    }
  }
  const mostPoints = limitOf("points");
  try {
    for await (const drawing of read(counted(), name, report)) {
      const problem = unusable(drawing.sketch, mostPoints);
      if (problem !== undefined) {
        countUnusable(report, drawing.line, problem);
        continue;
      }
      progress.drawings++;
      yield drawing;
      if (progress.drawings >= limit) break;
    }
  } catch (error) {
    throw error instanceof TooManySkips ? new UserError(`${name}: ${error.message}`) : error;
  }
  onProgress?.(progress);
}

/** The bytes of a file on this machine, whose length goes into `progress`. */
export async function* fileBytes(path: string, progress: Progress): AsyncGenerator<Uint8Array> {
  progress.totalBytes = (await stat(path).catch(() => undefined))?.size;
  yield* readFileBytes(path);
}
