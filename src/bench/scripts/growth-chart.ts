import * as Plot from "@observablehq/plot";
import { at } from "../../base/at.ts";
import { AXIS, AXIS_SIZE, chartSvg, EDGE, legendLines, MARGINS, plotElements } from "../../render/frame.ts";
import { textElement } from "../../render/text.ts";
import { GRID_LINE, MUTED, seriesColour } from "../../render/theme.ts";
import type { GrowthBench } from "../growth.ts";

const WIDTH = 760;
const PLOT_HEIGHT = 380;
const TICKS = [1, 2, 4, 8, 16];

/** How many times as long so many times as much takes: all curves from one point, beside proportional growth. */
export function growthChart({ curves }: GrowthBench): string {
  const lines = curves.map(({ what, exponent, sizes, ms }, i) => ({
    name: `${what}: exponent ${exponent}`,
    colour: seriesColour(i),
    points: sizes.map((size, j) => ({ x: size / at(sizes, 0), y: at(ms, j) / at(ms, 0) })),
  }));
  const all = lines.flatMap(({ points }) => points);
  const most = Math.max(...all.flatMap(({ x, y }) => [x, y])) * 1.05;
  const domain = [1, most];
  const ticks = TICKS.filter((tick) => tick <= most);
  const tickFormat = (tick: number) => `× ${tick}`;
  const plot = plotElements({
    width: WIDTH,
    height: PLOT_HEIGHT,
    ...MARGINS,
    x: { type: "log", domain },
    y: { type: "log", domain },
    marks: [
      Plot.gridY({ ticks, stroke: GRID_LINE, strokeOpacity: 1 }),
      Plot.axisX({ ...AXIS, ticks, tickFormat }),
      Plot.axisY({ ...AXIS, ticks, tickFormat }),
      Plot.line(
        domain.map((end) => [end, end]),
        { stroke: MUTED, strokeWidth: 1, strokeDasharray: "4 5" },
      ),
      ...lines.map(({ points, colour: stroke }) =>
        Plot.line(points, { x: "x", y: "y", stroke, strokeWidth: 2.5 }),
      ),
      ...lines.map(({ points, colour: fill }) => Plot.dot(points, { x: "x", y: "y", fill, r: 4 })),
    ],
  });
  const labelStyle = `font-size="${AXIS_SIZE}" fill="${MUTED}"`;
  return chartSvg({
    title: "How the cost grows",
    legend: legendLines(lines, WIDTH - 2 * EDGE),
    width: WIDTH,
    plotHeight: PLOT_HEIGHT,
    elements: [
      plot,
      textElement("time", `x="${EDGE}" y="12" text-anchor="start" ${labelStyle}`),
      textElement(
        "size; dashed: proportional",
        `x="${WIDTH - EDGE}" y="${PLOT_HEIGHT}" text-anchor="end" ${labelStyle}`,
      ),
    ],
  });
}
