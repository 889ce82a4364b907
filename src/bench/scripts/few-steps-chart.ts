import * as Plot from "@observablehq/plot";
import { AXIS, AXIS_SIZE, chartSvg, EDGE, legendLines, MARGINS, plotElements } from "../../render/frame.ts";
import { textElement } from "../../render/text.ts";
import { GRID_LINE, MUTED, seriesColour } from "../../render/theme.ts";

/** One way to draw, and how near its drawings come to held-out real ones. */
export interface FewStepsRow {
  readonly way: string;
  /** Evaluations of the network for a drawing: with guidance two a step. */
  readonly evaluations: number;
  readonly kid: number;
  readonly fid: number;
  readonly precision: number;
  readonly recall: number;
  readonly top1: number;
}

export const NAMES: Readonly<Record<string, string>> = {
  dpm: "DPM-Solver++(2M)",
  "dpm-fresh": "the same with fresh noise",
  heun: "Heun",
  ddim: "DDIM",
  guidance: "guidance distilled",
  distilled: "steps distilled",
};
const WIDTH = 760;
const PLOT_HEIGHT = 380;
const X_TICKS = [1, 2, 4, 8, 16, 32, 64, 128, 256];
const Y_TICKS = [1, 2, 5, 10, 20, 50, 100, 200, 500];

/** KID by network evaluations, a curve for each way to draw. */
export function fewStepsChart(rows: readonly FewStepsRow[]): string {
  const curves = [...new Set(rows.map(({ way }) => way))].map((way, i) => ({
    name: NAMES[way] ?? way,
    colour: seriesColour(i),
    points: rows.filter((row) => row.way === way),
  }));
  const kids = rows.map(({ kid }) => kid);
  const y = [0.9 * Math.min(...kids), 1.1 * Math.max(...kids)] as const;
  const x = [
    0.9 * Math.min(...rows.map((row) => row.evaluations)),
    1.1 * Math.max(...rows.map((row) => row.evaluations)),
  ] as const;
  const within = (ticks: readonly number[], [low, high]: readonly [number, number]) =>
    ticks.filter((tick) => tick >= low && tick <= high);
  const yTicks = within(Y_TICKS, y);
  const tickFormat = (tick: number) => `${tick}`;
  const at = { x: "evaluations", y: "kid" };
  const plot = plotElements({
    width: WIDTH,
    height: PLOT_HEIGHT,
    ...MARGINS,
    // To the base of its ticks: of others, a logarithmic axis leaves some without their figure.
    x: { type: "log", base: 2, domain: x },
    y: { type: "log", domain: y },
    marks: [
      Plot.gridY({ ticks: yTicks, stroke: GRID_LINE, strokeOpacity: 1 }),
      Plot.axisX({ ...AXIS, ticks: within(X_TICKS, x), tickFormat }),
      Plot.axisY({ ...AXIS, ticks: yTicks, tickFormat }),
      ...curves.flatMap(({ points, colour }) => [
        Plot.line(points, { ...at, stroke: colour, strokeWidth: 2.5 }),
        Plot.dot(points, { ...at, fill: colour, r: 4 }),
      ]),
    ],
  });
  const labelStyle = `font-size="${AXIS_SIZE}" fill="${MUTED}"`;
  return chartSvg({
    title: "Quality by network evaluations",
    legend: legendLines(curves, WIDTH - 2 * EDGE),
    width: WIDTH,
    plotHeight: PLOT_HEIGHT,
    elements: [
      plot,
      textElement("KID × 1000", `x="${EDGE}" y="12" text-anchor="start" ${labelStyle}`),
      textElement(
        "network evaluations a drawing",
        `x="${WIDTH - EDGE}" y="${PLOT_HEIGHT}" text-anchor="end" ${labelStyle}`,
      ),
    ],
  });
}
