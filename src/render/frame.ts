import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { decimal, escapeXml } from "./markup.ts";
import { textElement } from "./text.ts";
import { FONT, INK, MUTED, PAPER } from "./theme.ts";

/** Free around a chart, in pixels. */
export const EDGE = 32;
export const AXIS_SIZE = 13;
/** How axes look: figures alone. */
export const AXIS = { label: null, tickSize: 0, tickPadding: 10, fontSize: AXIS_SIZE, fill: MUTED } as const;
/** From the top of a chart's page to its drawing: title and legend. */
const HEAD = EDGE + 58;

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
      `<tspan dx="${i > 0 ? 16 : 0}" fill="${colours[i]}" font-weight="600">—</tspan><tspan dx="6">${escapeXml(name)}</tspan>`,
  );

export interface Chart {
  readonly title: string;
  /** Below the title: markup of a text. */
  readonly legend: string;
  /** Of the whole page, and of the drawing; in pixels. */
  readonly width: number;
  readonly plotHeight: number;
  /** The drawing, from its own origin. */
  readonly elements: readonly string[];
}

/** A chart as an SVG document. */
export function chartSvg({ title, legend, width, plotHeight, elements }: Chart): string {
  const height = decimal(HEAD + plotHeight + EDGE);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}" color="${INK}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="${PAPER}"/>`,
    textElement(title, `x="${EDGE}" y="${EDGE + 18}" font-size="24" font-weight="600" fill="${INK}"`),
    `<text x="${EDGE}" y="${EDGE + 44}" font-size="14" fill="${MUTED}">${legend}</text>`,
    `<g transform="translate(0 ${HEAD})" fill="currentColor" text-anchor="middle">`,
    ...elements,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}
