import type { GeneratedSketch } from "./request.ts";

/** One line in Quick, Draw!'s form, coordinates in hundredths of a pixel of 256. */
export function toNdjson({ word, strokes, seed, index }: GeneratedSketch): string {
  const round = (values: readonly number[]) => values.map((value) => Math.round(value * 100) / 100);
  return `${JSON.stringify({ word, seed, index, drawing: strokes.map(({ x, y }) => [round(x), round(y)]) })}\n`;
}
