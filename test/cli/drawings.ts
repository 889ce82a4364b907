import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { drawSynthetic } from "../../src/data/synthetic.ts";

/** Writes a folder of ndjson: so many synthetic drawings of each category, every second of them recognised. */
export function writeDrawings(
  folder: string,
  { categories, count, seed = 0 }: { categories: readonly string[]; count: number; seed?: number },
): void {
  mkdirSync(folder, { recursive: true });
  for (const category of categories) {
    const lines = Array.from({ length: count }, (_, i) => {
      const { strokes } = drawSynthetic(category, seed, i);
      const drawing = strokes.map(({ x, y }) => [x, y]);
      return JSON.stringify({ word: category, recognized: i % 2 === 0, drawing });
    });
    writeFileSync(join(folder, `${category}.ndjson`), `${lines.join("\n")}\n`);
  }
}
