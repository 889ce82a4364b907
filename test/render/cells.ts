import { decodePng } from "./pixels.ts";

const attribute = (element: string, name: string): string | undefined =>
  new RegExp(` ${name}="([^"]*)"`).exec(element)?.[1];

/** The strokes of a path: as often as the pen is put down. */
const strokesOf = (path: string): number => attribute(path, "d")?.match(/M/g)?.length ?? 0;

/** The strokes of all drawings of an SVG of ours. */
export function strokesIn(svg: string): number {
  const paths = svg.match(/<path [^>]*>/g) ?? [];
  return paths.reduce((sum, path) => sum + strokesOf(path), 0);
}

/** The strokes in each cell of a grid's SVG, row by row. */
export function strokesInCells(svg: string): number[] {
  const paths = svg.match(/<path transform=[^>]*>/g) ?? [];
  const byPlace = new Map(paths.map((path) => [attribute(path, "transform"), strokesOf(path)]));
  const cells = svg.match(/<rect [^>]*rx=[^>]*>/g) ?? [];
  return cells.map((cell) => byPlace.get(`translate(${attribute(cell, "x")} ${attribute(cell, "y")})`) ?? 0);
}

/** Of the page around cells (theme.ts), and what is darker than any but a line; in the red channel. */
const PAGE = 0xf4;
const INK = 128;
/** Pixels; letters are smaller. */
const SMALLEST_CELL = 60;

/** Whether there is ink in each cell of a grid's PNG, row by row: cells are what the page's colour parts. */
export function inkInCells(png: Uint8Array): boolean[] {
  const { width, height, data } = decodePng(png);
  const red = (pixel: number): number => data[4 * pixel] ?? PAGE;
  const seen = new Uint8Array(width * height);
  const cells: boolean[] = [];
  for (let start = 0; start < width * height; start++) {
    if (seen[start] === 1 || red(start) === PAGE) continue;
    seen[start] = 1;
    const area = [start];
    let [left, right, bottom, ink] = [width, 0, 0, false];
    for (const pixel of area) {
      const column = pixel % width;
      left = Math.min(left, column);
      right = Math.max(right, column);
      bottom = Math.max(bottom, Math.floor(pixel / width));
      ink ||= red(pixel) < INK;
      const beside = [pixel - width, pixel + width];
      if (column > 0) beside.push(pixel - 1);
      if (column < width - 1) beside.push(pixel + 1);
      for (const next of beside) {
        if (next < 0 || next >= width * height || seen[next] === 1 || red(next) === PAGE) continue;
        seen[next] = 1;
        area.push(next);
      }
    }
    const isCell = Math.min(right - left, bottom - Math.floor(start / width)) >= SMALLEST_CELL;
    if (isCell) cells.push(ink);
  }
  return cells;
}
