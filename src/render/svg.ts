import { z } from "zod";
import { checked, type KeysOf } from "../base/check.ts";
import { LINE_WIDTH, MARGIN } from "../sketch/raster.ts";
import { sketchSchema } from "../sketch/schema.ts";
import { fitInto, type Sketch } from "../sketch/sketch.ts";
import { DRAWING_STYLE, DRAWN, drawnInTurn } from "./animation.ts";
import { decimal, escapeXml } from "./markup.ts";
import { checkMargin, lengthKey, type Millimetres, millimetres, pictureKeys } from "./options.ts";
import { strokePath } from "./path.ts";
import { INK, PAPER } from "./theme.ts";

/** How a drawing looks as SVG. */
export interface SvgOptions {
  /** Width and height: pixels, or on paper; what is in pixels besides is then of 256. */
  readonly size?: number | Millimetres | undefined;
  /** Free on each side of the drawing's longer side, in pixels. */
  readonly margin?: number;
  /** In pixels. */
  readonly lineWidth?: number;
  /** CSS colour of the lines. */
  readonly ink?: string;
  /** CSS colour of the background; "none" leaves it out. */
  readonly paper?: string | undefined;
  /** What a screen reader says; "" leaves it out. */
  readonly title?: string | undefined;
  /** Whether the strokes are drawn one after the other, once, wherever the SVG is shown. */
  readonly animated?: boolean | undefined;
}

const schema = z.strictObject({
  size: z.union([lengthKey, millimetres], 'expected pixels, or a length such as "100mm"').optional(),
  ink: z.string().optional(),
  paper: z.string().optional(),
  title: z.string().optional(),
  animated: z.boolean().optional(),
  ...pictureKeys,
} satisfies KeysOf<SvgOptions>);

const SIZE = 256;

/**
 * One drawing as an SVG document, one path a stroke in drawing order, fitted with its aspect kept; 200 pixels
 * inside 256 by default, the seed's geometry. A plotter, which draws the background's outline too, wants
 * `{ paper: "none", title: "", size: "100mm" }`.
 * @throws UsageError naming what of the drawing or the options is not as it should be.
 */
export function toSvg(sketch: Sketch, options: SvgOptions = {}): string {
  checked(sketchSchema, sketch, "toSvg");
  checked(schema, options, "toSvg");
  const {
    size = SIZE,
    paper = PAPER,
    ink = INK,
    title = sketch.word ?? "drawing",
    animated,
    ...lines
  } = options;
  const pixels = typeof size === "number" ? size : SIZE;
  const { margin = pixels * MARGIN, lineWidth = pixels * LINE_WIDTH } = lines;
  checkMargin("toSvg", margin, pixels);
  const strokes = fitInto(sketch, pixels, margin).strokes.filter(({ x }) => x.length > 0);
  const motions = animated ? drawnInTurn(strokes, pixels) : [];
  const paths = strokes.map((stroke, i) => `<path d="${strokePath(stroke)}"${motions[i] ?? ""}/>`);
  const side = decimal(pixels);
  const shown = typeof size === "number" ? side : escapeXml(size);
  const style = `fill="none" stroke="${escapeXml(ink)}" stroke-width="${decimal(lineWidth)}" stroke-linecap="round" stroke-linejoin="round"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${shown}" height="${shown}" viewBox="0 0 ${side} ${side}" role="img">`,
    ...(title === "" ? [] : [`<title>${escapeXml(title)}</title>`]),
    ...(paper === "none" ? [] : [`<rect width="${side}" height="${side}" fill="${escapeXml(paper)}"/>`]),
    ...(animated ? [DRAWING_STYLE] : []),
    animated ? `<g class="${DRAWN}" ${style}>` : `<g ${style}>`,
    ...paths,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}
