import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { at } from "../base/at.ts";
import { openSource } from "../data/source.ts";
import { drawSynthetic, SYNTHETIC_CATEGORIES } from "../data/synthetic.ts";
import { encodeDeltas } from "../sketch/delta.ts";
import { figure } from "./statistics.ts";

export interface DataBench {
  readonly bench: "data";
  readonly source: string;
  readonly drawings: number;
  readonly drawingsPerSecond: number;
  /** Memory of the process after each quarter of the drawings, in MiB. */
  readonly memoryMiB: readonly number[];
}

/** Different drawings in a made-up file; they are repeated. */
const DIFFERENT = 1500;

/** Reads and encodes `count` drawings on one core: all files of the folder `place`, or a made-up file. */
export async function benchData(
  count: number,
  place: string | undefined,
  onProgress: (drawings: number) => void,
): Promise<DataBench> {
  const made = place === undefined ? await makeUpFile(count) : undefined;
  try {
    const source = await openSource(made?.file ?? place ?? "");
    const categories = await source.categories();
    const memoryMiB: number[] = [];
    let drawings = 0;
    const started = performance.now();
    for (const category of categories) {
      for await (const { sketch } of source.drawings(category, { limit: count - drawings })) {
        encodeDeltas(sketch);
        drawings++;
        if (drawings % Math.ceil(count / 4) === 0)
          memoryMiB.push(Math.round(process.memoryUsage.rss() / 2 ** 20));
        if (drawings % 1000 === 0) onProgress(drawings);
      }
      if (drawings >= count) break;
    }
    const seconds = (performance.now() - started) / 1000;
    const described =
      made === undefined ? `files of ${categories.length} categories` : "synthetic drawings in a file";
    return {
      bench: "data",
      source: described,
      drawings,
      drawingsPerSecond: figure(drawings / seconds),
      memoryMiB,
    };
  } finally {
    if (made !== undefined) await rm(made.folder, { recursive: true, force: true });
  }
}

async function makeUpFile(count: number): Promise<{ folder: string; file: string }> {
  const folder = await mkdtemp(join(tmpdir(), "cizgi-bench-"));
  const file = join(folder, "doodle.ndjson");
  const lines = Array.from({ length: Math.min(count, DIFFERENT) }, (_, i) => {
    const { strokes } = drawSynthetic(at(SYNTHETIC_CATEGORIES, i % SYNTHETIC_CATEGORIES.length), 0, i);
    return `${JSON.stringify({ word: "doodle", drawing: strokes.map(({ x, y }) => [x, y]) })}\n`;
  });
  await pipeline(function* () {
    for (let i = 0; i < count; i++) yield at(lines, i % lines.length);
  }, createWriteStream(file));
  return { folder, file };
}
