import * as Plot from "@observablehq/plot";
import type { GrowthBench } from "../src/bench/growth.ts";
import { AXIS, AXIS_SIZE, chartSvg, EDGE, legendLines, MARGINS, plotElements } from "../src/render/frame.ts";
import { textElement } from "../src/render/text.ts";
import { GRID_LINE, MUTED, SERIES_COLOURS } from "../src/render/theme.ts";

const WIDTH = 760;
const PLOT_HEIGHT = 380;
const TICKS = [1, 2, 4, 8, 16];

/** How many times as long so many times as much takes: all curves from one point, beside proportional growth. */
export function growthChart({ curves }: GrowthBench): string {
  const relative = (values: readonly number[]) => values.map((value) => value / values[0]);
  const lines = curves.map(({ sizes, ms }, i) => {
    const [x, y] = [relative(sizes), relative(ms)];
    return { points: x.map((size, at) => ({ x: size, y: y[at] })), stroke: SERIES_COLOURS[i] };
  });
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
      ...lines.map(({ points, stroke }) => Plot.line(points, { x: "x", y: "y", stroke, strokeWidth: 2.5 })),
      ...lines.map(({ points, stroke: fill }) => Plot.dot(points, { x: "x", y: "y", fill, r: 4 })),
    ],
  });
  const labelStyle = `font-size="${AXIS_SIZE}" fill="${MUTED}"`;
  return chartSvg({
    title: "How the cost grows",
    legend: legendLines(
      curves.map(({ what, exponent }) => `${what}: exponent ${exponent}`),
      SERIES_COLOURS,
      WIDTH - 2 * EDGE,
    ),
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
