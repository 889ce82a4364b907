import { z } from "zod";
import { checked, type KeysOf } from "../base/check.ts";
import { wholeNumber } from "../base/numbers.ts";
import { LINE_WIDTH, MARGIN } from "../sketch/raster.ts";
import { sketchSchema } from "../sketch/schema.ts";
import { fitInto, type Sketch } from "../sketch/sketch.ts";
import { decimal, escapeXml } from "./markup.ts";
import { lengthKey, type Millimetres, millimetres } from "./options.ts";
import { strokePath } from "./path.ts";
import { shorten, textElement, textWidth } from "./text.ts";
import { FONT, INK, MUTED, PAGE, PAPER } from "./theme.ts";

/** One row of drawings and its words. */
export interface GridRow {
  /** Undefined leaves a place free. */
  readonly sketches: readonly (Sketch | undefined)[];
  /** Left of the row, for example its category. */
  readonly label?: string;
  /** Below the row's cells, in their order. */
  readonly captions?: readonly string[];
}

/** Columns side by side, set apart from the next group. */
export interface ColumnGroup {
  readonly heading?: string | undefined;
  readonly columns: number;
}

/** The words and the size of a grid. */
export interface GridOptions {
  /** Above the grid, and what a screen reader says; "" leaves out both. */
  readonly title?: string | undefined;
  /** Below the title, smaller: where the drawings come from. */
  readonly subtitle?: string;
  /** From left to right; further columns belong to the last. */
  readonly groups?: readonly ColumnGroup[];
  /** Side of a cell, in pixels. */
  readonly cell?: number;
  /** "none" leaves out the page and the cells. */
  readonly paper?: "none" | undefined;
  /** The longer side on paper. */
  readonly size?: Millimetres | undefined;
}

const rowsSchema = z.array(
  z.looseObject({
    sketches: z.array(sketchSchema.optional()),
    label: z.string().optional(),
    captions: z.array(z.string()).optional(),
  }),
);
const schema = z.strictObject({
  title: z.string().optional(),
  subtitle: z.string().optional(),
  size: millimetres.optional(),
  paper: z.literal("none").optional(),
  groups: z.array(z.strictObject({ heading: z.string().optional(), columns: wholeNumber(1) })).optional(),
  cell: lengthKey.optional(),
} satisfies KeysOf<GridOptions>);
const columnsSchema = z.object({ columns: wholeNumber(1) });

const EDGE = 32;
const GAP = 10;
const GROUP_GAP = 24;
const CORNER = 10;
/** Lines of small cells stay readable from afar. */
const LEAST_LINE_WIDTH = 2;
const TITLE_SIZE = 24;
const SUBTITLE_SIZE = 14;
const LABEL_SIZE = 16;
const HEADING_SIZE = 14;
const CAPTION_SIZE = 12;
const CAPTION_ROOM = 20;
/** From the top of a line of text to its baseline, in font sizes. */
const ASCENT = 0.75;

/** Sketches in rows of `columns` cells, as `gridSvg` takes them. */
export function inColumns(sketches: readonly Sketch[], columns: number): GridRow[] {
  checked(columnsSchema, { columns }, "inColumns");
  const count = Math.ceil(sketches.length / columns);
  return Array.from({ length: count }, (_, row) => ({
    sketches: sketches.slice(row * columns, (row + 1) * columns),
  }));
}

/** The title's and the subtitle's elements, and where the cells begin below them. */
function header({ title, subtitle }: GridOptions): { elements: string[]; bottom: number } {
  const elements: string[] = [];
  let bottom = EDGE;
  if (title) {
    const baseline = decimal(bottom + ASCENT * TITLE_SIZE);
    elements.push(
      textElement(title, `x="${EDGE}" y="${baseline}" font-size="${TITLE_SIZE}" font-weight="600"`),
    );
    bottom += TITLE_SIZE + 8;
  }
  if (subtitle !== undefined) {
    const baseline = decimal(bottom + ASCENT * SUBTITLE_SIZE);
    elements.push(
      textElement(subtitle, `x="${EDGE}" y="${baseline}" font-size="${SUBTITLE_SIZE}" fill="${MUTED}"`),
    );
    bottom += SUBTITLE_SIZE + 8;
  }
  return { elements, bottom: elements.length > 0 ? bottom + 8 : bottom };
}

/** Sides in pixels as lengths on paper, of which the longer one is given. */
const onPaper = (sides: readonly number[], longer: Millimetres): string[] =>
  sides.map((side) => `${decimal((Number.parseFloat(longer) * side) / Math.max(...sides))}mm`);

/** Each group and the column that it begins with. */
const placed = (groups: readonly ColumnGroup[]): (ColumnGroup & { readonly start: number })[] =>
  groups.map((group, i) => ({
    ...group,
    start: groups.slice(0, i).reduce((sum, { columns }) => sum + columns, 0),
  }));

/**
 * Drawings in rows of square cells as one SVG document, each fitted into its cell with its aspect kept; rows may
 * differ in length. For example `gridSvg(inColumns(sketches, 5), { title: "cat" })`.
 * @throws UsageError naming what of the rows or the options is not as it should be.
 */
export function gridSvg(rows: readonly GridRow[], options: GridOptions = {}): string {
  checked(rowsSchema, rows, "gridSvg: rows");
  checked(schema, options, "gridSvg");
  const { title = "drawings", subtitle = "", cell = 160, paper, size } = options;
  const { elements: heading, bottom } = header(options);
  const labelWidth = Math.max(0, ...rows.map(({ label }) => textWidth(label ?? "", LABEL_SIZE)));
  const left = labelWidth > 0 ? EDGE + labelWidth + GAP : EDGE;
  const longest = Math.max(1, ...rows.map(({ sketches }) => sketches.length));
  const groups = placed(options.groups ?? []);
  const groupsBefore = (column: number) => groups.filter(({ start }) => start > 0 && start <= column).length;
  const xOf = (column: number) => left + column * (cell + GAP) + groupsBefore(column) * (GROUP_GAP - GAP);
  const headings = groups.flatMap(({ heading: text, columns, start }) => {
    if (text === undefined) return [];
    const at = `x="${decimal(xOf(start))}" y="${decimal(bottom + ASCENT * HEADING_SIZE)}"`;
    return [textElement(shorten(text, HEADING_SIZE, columns * (cell + GAP)), at)];
  });
  const top = headings.length > 0 ? bottom + HEADING_SIZE + 8 : bottom;

  const cells: string[] = [];
  const lines: string[] = [];
  const labels: string[] = [];
  const captions: string[] = [];
  let y = top;
  for (const { sketches, label, captions: captionTexts = [] } of rows) {
    if (label !== undefined) {
      const baseline = decimal(y + cell / 2 + LABEL_SIZE * 0.35);
      labels.push(textElement(label, `x="${EDGE}" y="${baseline}"`));
    }
    for (const [column, sketch] of sketches.entries()) {
      if (sketch === undefined) continue;
      const x = xOf(column);
      cells.push(
        `<rect x="${decimal(x)}" y="${decimal(y)}" width="${cell}" height="${cell}" rx="${CORNER}"/>`,
      );
      const path = fitInto(sketch, cell, cell * MARGIN)
        .strokes.map(strokePath)
        .join("");
      if (path !== "") lines.push(`<path transform="translate(${decimal(x)} ${decimal(y)})" d="${path}"/>`);
      const caption = captionTexts[column];
      if (caption !== undefined) {
        const at = `x="${decimal(x + cell / 2)}" y="${decimal(y + cell + CAPTION_ROOM - 4)}"`;
        captions.push(textElement(shorten(caption, CAPTION_SIZE, cell), at));
      }
    }
    y += cell + GAP + (captionTexts.length > 0 ? CAPTION_ROOM : 0);
  }

  const gridWidth = xOf(longest - 1) + cell + EDGE;
  const titleWidth = textWidth(options.title ?? "", TITLE_SIZE);
  const textRoom = Math.max(titleWidth, textWidth(subtitle, SUBTITLE_SIZE)) + 2 * EDGE;
  const sides = [Math.max(gridWidth, textRoom), (rows.length > 0 ? y - GAP : y) + EDGE].map(Math.ceil);
  const [width, height] = sides.map(decimal);
  const [shownWidth, shownHeight] = size === undefined ? [width, height] : onPaper(sides, size);
  const lineWidth = decimal(Math.max(LEAST_LINE_WIDTH, cell * LINE_WIDTH));
  const group = (attributes: string, elements: readonly string[]): string[] =>
    elements.length > 0 ? [`<g ${attributes}>`, ...elements, "</g>"] : [];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${shownWidth}" height="${shownHeight}" viewBox="0 0 ${width} ${height}" font-family="${FONT}" fill="${INK}" role="img">`,
    ...(title === "" ? [] : [`<title>${escapeXml(title)}</title>`]),
    ...(paper === "none" ? [] : [`<rect width="${width}" height="${height}" fill="${PAGE}"/>`]),
    ...heading,
    ...group(`fill="${PAPER}"`, paper === "none" ? [] : cells),
    ...group(
      `fill="none" stroke="${INK}" stroke-width="${lineWidth}" stroke-linecap="round" stroke-linejoin="round"`,
      lines,
    ),
    ...group(`font-size="${LABEL_SIZE}" font-weight="600"`, labels),
    ...group(`font-size="${HEADING_SIZE}" font-weight="600" fill="${MUTED}"`, headings),
    ...group(`font-size="${CAPTION_SIZE}" fill="${MUTED}" text-anchor="middle"`, captions),
    "</svg>",
    "",
  ].join("\n");
}
