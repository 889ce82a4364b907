import * as Plot from "@observablehq/plot";
import { at } from "../base/at.ts";
import { AXIS, AXIS_SIZE, chartSvg, EDGE, legendLines, plotElements } from "./frame.ts";
import { shorten, textElement, textWidth } from "./text.ts";
import { GRID_LINE, MUTED, PAPER, seriesColour } from "./theme.ts";

/** Bars side by side under one label. */
export interface BarGroup {
  readonly label: string;
  /** Shares of 0 to 1, one for each series; a value that is undefined has no bar. */
  readonly shares: readonly (number | undefined)[];
}

export interface BarChartOptions {
  /** What the bars of a group belong to; the first is what the others are to be compared with. */
  readonly series: readonly string[];
  readonly groups: readonly BarGroup[];
  /** Above the chart, and what a screen reader says. */
  readonly title: string;
  /** What the bars measure. */
  readonly xLabel: string;
}

const WIDTH = 760;
const BAR = 15;
const GROUP_GAP = 12;
const VALUE_SIZE = 11;
const LABEL_ROOM = 170;
const AXIS_ROOM = 48;
const FIRST_COLOUR = "#9aa1ac";

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** Shares in percent as level bars, one group below the other in the order given, as an SVG document. */
export function barChart({ series, groups, title, xLabel }: BarChartOptions): string {
  const entries = series.map((name, i) => ({ name, colour: i === 0 ? FIRST_COLOUR : seriesColour(i - 1) }));
  const pitch = series.length * BAR + GROUP_GAP;
  const plotHeight = groups.length * pitch + AXIS_ROOM;
  const labels = groups.map(({ label }) => shorten(label, AXIS_SIZE, LABEL_ROOM));
  const left = EDGE + Math.ceil(Math.max(0, ...labels.map((label) => textWidth(label, AXIS_SIZE)))) + 8;
  const bars = groups.flatMap(({ shares }, group) =>
    shares.flatMap((share, place) =>
      share === undefined
        ? []
        : [{ share, colour: at(entries, place).colour, top: group * pitch + place * BAR }],
    ),
  );
  const plot = plotElements({
    width: WIDTH,
    height: plotHeight,
    marginLeft: left,
    marginRight: EDGE + 34,
    marginTop: 0,
    marginBottom: AXIS_ROOM,
    x: { domain: [0, 1] },
    y: { domain: [0, Math.max(1, groups.length) * pitch], range: [0, plotHeight - AXIS_ROOM], axis: null },
    marks: [
      Plot.gridX({ ticks: 5, stroke: GRID_LINE, strokeOpacity: 1 }),
      Plot.axisX({ ...AXIS, ticks: 5, tickFormat: percent }),
      Plot.rect(bars, {
        x1: 0,
        x2: "share",
        y1: "top",
        y2: ({ top }: { top: number }) => top + BAR - 1,
        fill: "colour",
      }),
      Plot.text(bars, {
        x: "share",
        y: ({ top }: { top: number }) => top + (BAR - 1) / 2,
        text: ({ share }: { share: number }) => percent(share),
        textAnchor: "start",
        dx: 5,
        fontSize: VALUE_SIZE,
        fill: MUTED,
        stroke: PAPER,
        strokeWidth: 3,
      }),
      Plot.text(labels, {
        x: 0,
        y: (_: string, group: number) => group * pitch + (series.length * BAR) / 2,
        text: (label: string) => label,
        textAnchor: "end",
        dx: -10,
        fontSize: AXIS_SIZE,
      }),
    ],
  });
  const legend = legendLines(entries, WIDTH - 2 * EDGE);
  const axisLabel = `x="${WIDTH - EDGE}" y="${plotHeight}" text-anchor="end" font-size="${AXIS_SIZE}" fill="${MUTED}"`;
  return chartSvg({
    title,
    legend,
    width: WIDTH,
    plotHeight,
    elements: [plot, textElement(xLabel, axisLabel)],
  });
}
