import type { Sketch } from "cizgi/web";

/** Side of a drawing's place, in its own pixels. */
const SIDE = 256;

/** Columns that make a sheet of so many drawings nearly square. */
export const columnsOf = (count: number): number => Math.ceil(Math.sqrt(count));

/** Drawings in rows on one sheet, as one drawing: a pen draws one after the other. */
export const onOneSheet = (sketches: readonly Sketch[]): Sketch => ({
  strokes: sketches.flatMap(({ strokes }, index) => {
    const columns = columnsOf(sketches.length);
    const [right, down] = [(index % columns) * SIDE, Math.floor(index / columns) * SIDE];
    return strokes.map(({ x, y }) => ({
      x: x.map((value) => value + right),
      y: y.map((value) => value + down),
    }));
  }),
});
