import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { decimal, escapeXml } from "./markup.ts";
import { shorten, textElement, textWidth } from "./text.ts";
import { FONT, INK, MUTED, PAPER } from "./theme.ts";

/** Free around a chart, in pixels. */
export const EDGE = 32;
export const AXIS_SIZE = 13;
/** How axes look: figures alone. */
export const AXIS = { label: null, tickSize: 0, tickPadding: 10, fontSize: AXIS_SIZE, fill: MUTED } as const;
/** Room for the axes of a plot of curves. */
export const MARGINS = { marginLeft: EDGE + 44, marginRight: EDGE, marginTop: 30, marginBottom: 44 } as const;
const LEGEND_SIZE = 14;
const LEGEND_LINE = 20;
/** A colour in the legend, with the blanks around it. */
const LEGEND_MARK = 38;

/** What a plot draws, as SVG elements from its own origin, without a style of its own. */
export function plotElements(options: Plot.PlotOptions): string {
  const { document } = parseHTML("<html><body></body></html>");
  const svg = Plot.plot({ ...options, document });
  svg.querySelector("style")?.remove();
  return svg.innerHTML;
}

/** Each name with its colour before it, as markup of a text. */
export const legendEntries = (names: readonly string[], colours: readonly string[]): string[] =>
  names.map(
    (name, i) =>
      `<tspan dx="${i > 0 ? 16 : 0}" fill="${colours[i]}" stroke="${colours[i]}" stroke-width="1.5">—</tspan><tspan dx="6">${escapeXml(name)}</tspan>`,
  );

/** The legend in lines of at most `width` pixels, longer names shortened. */
export function legendLines(names: readonly string[], colours: readonly string[], width: number): string[] {
  const lines: { names: string[]; colours: string[] }[] = [];
  let room = 0;
  for (const [i, name] of names.entries()) {
    const shown = shorten(name, LEGEND_SIZE, width - LEGEND_MARK);
    const needed = LEGEND_MARK + textWidth(shown, LEGEND_SIZE);
    if (lines.length === 0 || needed > room) {
      lines.push({ names: [], colours: [] });
      room = width;
    }
    lines[lines.length - 1].names.push(shown);
    lines[lines.length - 1].colours.push(colours[i]);
    room -= needed;
  }
  return lines.map((line) => legendEntries(line.names, line.colours).join(""));
}

export interface Chart {
  readonly title: string;
  /** Lines below the title: markup of texts. */
  readonly legend: readonly string[];
  /** Of the whole page, and of the drawing; in pixels. */
  readonly width: number;
  readonly plotHeight: number;
  /** The drawing, from its own origin. */
  readonly elements: readonly string[];
}

/** A chart as an SVG document. */
export function chartSvg({ title, legend, width, plotHeight, elements }: Chart): string {
  const legendTop = EDGE + 44;
  const plotTop = legendTop + (legend.length - 1) * LEGEND_LINE + 14;
  const height = decimal(plotTop + plotHeight + EDGE);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}" color="${INK}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="${PAPER}"/>`,
    textElement(title, `x="${EDGE}" y="${EDGE + 18}" font-size="24" font-weight="600" fill="${INK}"`),
    ...legend.map(
      (line, i) =>
        `<text x="${EDGE}" y="${legendTop + i * LEGEND_LINE}" font-size="${LEGEND_SIZE}" fill="${MUTED}">${line}</text>`,
    ),
    `<g transform="translate(0 ${plotTop})" fill="currentColor" text-anchor="middle">`,
    ...elements,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}
