import { requireCategory } from "../catalogue.ts";
import { newReadReport } from "../read/report.ts";
import { readSynthetic, SYNTHETIC_CATEGORIES, SYNTHETIC_COUNT } from "../synthetic.ts";
import type { Source } from "./reading.ts";

/** Doodles that the program draws itself, always the same ones; as many as the limit asks for. */
export function syntheticSource(): Source {
  const find = (category: string) => requireCategory(category, SYNTHETIC_CATEGORIES, "the synthetic source");
  return {
    kind: "synthetic",
    description: "synthetic",
    categories: async () => SYNTHETIC_CATEGORIES,
    find: async (category) => find(category),
    async *drawings(
      category,
      { limit = SYNTHETIC_COUNT, report = newReadReport(), onProgress, signal } = {},
    ) {
      const word = find(category);
      for await (const drawing of readSynthetic(word, limit)) {
        signal?.throwIfAborted();
        report.lines++;
        report.read++;
        onProgress?.({ bytes: 0, drawings: report.read });
        yield drawing;
      }
    },
  };
}
