import { LINE_WIDTH, MARGIN } from "../sketch/raster.ts";
import { fitInto, type Sketch } from "../sketch/sketch.ts";
import { decimal, escapeXml } from "./markup.ts";
import { strokePath } from "./path.ts";
import { INK, PAPER } from "./theme.ts";

/** How a drawing looks as SVG. */
export interface SvgOptions {
  /** Width and height, in pixels. */
  readonly size?: number;
  /** Free on each side of the drawing's longer side, in pixels. */
  readonly margin?: number;
  /** In pixels. */
  readonly lineWidth?: number;
  /** CSS colour of the lines. */
  readonly ink?: string;
  /** CSS colour of the background; "none" leaves it transparent. */
  readonly paper?: string;
  /** What a screen reader says. */
  readonly title?: string;
}

/**
 * One drawing as an SVG document, one path a stroke in drawing order, fitted with its aspect kept; 200 pixels
 * inside 256 by default, the seed's geometry.
 * @throws RangeError for a coordinate that is not finite.
 */
export function toSvg(
  sketch: Sketch,
  {
    size = 256,
    margin = size * MARGIN,
    lineWidth = size * LINE_WIDTH,
    ink = INK,
    paper = PAPER,
    title = sketch.word ?? "drawing",
  }: SvgOptions = {},
): string {
  const paths = fitInto(sketch, size, margin)
    .strokes.map(strokePath)
    .filter((path) => path !== "")
    .map((path) => `<path d="${path}"/>`);
  const side = decimal(size);
  const style = `fill="none" stroke="${escapeXml(ink)}" stroke-width="${decimal(lineWidth)}" stroke-linecap="round" stroke-linejoin="round"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 ${side} ${side}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    ...(paper === "none" ? [] : [`<rect width="${side}" height="${side}" fill="${escapeXml(paper)}"/>`]),
    `<g ${style}>`,
    ...paths,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}
