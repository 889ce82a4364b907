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

/** A name in the legend and its colour. */
export interface LegendEntry {
  readonly name: string;
  readonly colour: string;
}

/** Each name with its colour before it, as markup of a text. */
export const legendEntries = (entries: readonly LegendEntry[]): string[] =>
  entries.map(
    ({ name, colour }, i) =>
      `<tspan dx="${i > 0 ? 16 : 0}" fill="${colour}" stroke="${colour}" stroke-width="1.5">—</tspan><tspan dx="6">${escapeXml(name)}</tspan>`,
  );

/** The legend in lines of at most `width` pixels, longer names shortened. */
export function legendLines(entries: readonly LegendEntry[], width: number): string[] {
  const lines: LegendEntry[][] = [];
  let room = 0;
  for (const { name, colour } of entries) {
    const shown = shorten(name, LEGEND_SIZE, width - LEGEND_MARK);
    const needed = LEGEND_MARK + textWidth(shown, LEGEND_SIZE);
    let line = lines.at(-1);
    if (line === undefined || needed > room) {
      line = [];
      lines.push(line);
      room = width;
    }
    line.push({ name: shown, colour });
    room -= needed;
  }
  return lines.map((line) => legendEntries(line).join(""));
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
