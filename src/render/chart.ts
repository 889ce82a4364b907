import * as Plot from "@observablehq/plot";
import { z } from "zod";
import { checked } from "../base/check.ts";
import {
  AXIS,
  AXIS_SIZE,
  chartSvg,
  EDGE,
  type LegendEntry,
  legendEntries,
  MARGINS,
  plotElements,
} from "./frame.ts";
import { extent, lossScale } from "./scale.ts";
import { type CurvePoint, movingMedian, thin } from "./smoothing.ts";
import { textElement } from "./text.ts";
import { GRID_LINE, MUTED, seriesColour } from "./theme.ts";

/** A curve of a chart. */
export interface LossSeries {
  readonly name: string;
  /** In the order of their steps. */
  readonly points: readonly CurvePoint[];
}

/** The curves of a chart and its words. */
export interface LossChartOptions {
  readonly series: readonly LossSeries[];
  /** Above the chart, and what a screen reader says. */
  readonly title?: string;
  /** What the steps count, for example "epoch". */
  readonly xLabel?: string;
  /** What is measured, with its unit if it has one. */
  readonly yLabel?: string;
}

const text = z.string().optional();
const schema = z.strictObject({
  series: z.array(
    z.looseObject({
      name: z.string(),
      // Values that are not finite are counted.
      points: z.array(
        z.custom<CurvePoint>(
          (point) => typeof point === "object" && point !== null,
          "expected a point, { step, loss }",
        ),
      ),
    }),
  ),
  title: text,
  xLabel: text,
  yLabel: text,
} satisfies Record<keyof LossChartOptions, z.ZodType>);

const WIDTH = 760;
const PLOT_HEIGHT = 360;
/** Points of a curve: about two a pixel tell nothing more. */
const MOST_POINTS = 1200;
const SMOOTH_POINTS = 400;
/** Fewer values are shown as they are. */
const FEWEST_TO_SMOOTH = 20;

interface Curve extends LegendEntry {
  readonly raw: readonly CurvePoint[];
  readonly smooth: readonly CurvePoint[];
}

const isFinitePoint = ({ step, loss }: CurvePoint): boolean => Number.isFinite(step) && Number.isFinite(loss);

function curveOf({ name, points: all }: LossSeries, index: number): Curve {
  const points = all.filter(isFinitePoint);
  const smooth =
    points.length < FEWEST_TO_SMOOTH
      ? points
      : movingMedian(points, Math.ceil(points.length / 50), SMOOTH_POINTS);
  return { name, colour: seriesColour(index), raw: thin(points, MOST_POINTS), smooth };
}

const wholeNumber = new Intl.NumberFormat("en-US");
const smallNumber = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });

/** The axes and curves as SVG elements, `WIDTH` x `PLOT_HEIGHT` from their own origin. */
function curveElements(curves: readonly Curve[], xLabel: string, yLabel: string): string[] {
  const losses = (points: readonly CurvePoint[]) => points.map(({ loss }) => loss);
  const { type, domain, ticks } = lossScale(
    curves.flatMap(({ raw }) => losses(raw)),
    curves.flatMap(({ smooth }) => losses(smooth)),
  );
  const [first, last] = extent(curves.flatMap(({ raw }) => raw.map(({ step }) => step)));
  const at = { x: "step", y: "loss" };
  const plot = plotElements({
    width: WIDTH,
    height: PLOT_HEIGHT,
    ...MARGINS,
    x: { domain: last > first ? [first, last] : [first - 1, first + 1] },
    y: { type, domain, clamp: true },
    marks: [
      Plot.gridY({ ticks, stroke: GRID_LINE, strokeOpacity: 1 }),
      Plot.axisX({
        ...AXIS,
        ticks: 6,
        tickFormat: (step: number) => (Number.isInteger(step) ? wholeNumber.format(step) : ""),
      }),
      Plot.axisY({ ...AXIS, ticks, tickFormat: (loss: number) => smallNumber.format(loss) }),
      ...curves.map(({ raw, colour: stroke }) =>
        Plot.lineY(raw, { ...at, stroke, strokeWidth: 1, strokeOpacity: 0.28 }),
      ),
      ...curves.map(({ smooth, colour: stroke }) => Plot.lineY(smooth, { ...at, stroke, strokeWidth: 2.5 })),
      ...curves.map(({ smooth, colour: fill }) => Plot.dot(smooth.slice(-1), { ...at, fill, r: 4 })),
    ],
  });
  const labelStyle = `font-size="${AXIS_SIZE}" fill="${MUTED}"`;
  const yText = type === "log" ? `${yLabel} (log scale)` : yLabel;
  return [
    plot,
    textElement(yText, `x="${EDGE}" y="12" text-anchor="start" ${labelStyle}`),
    textElement(xLabel, `x="${WIDTH - EDGE}" y="${PLOT_HEIGHT}" text-anchor="end" ${labelStyle}`),
  ];
}

/** The names of the series with their colours, and what the chart cannot show. */
function legend(curves: readonly Curve[], missing: number): string {
  const entries = legendEntries(curves);
  const notes: string[] = [];
  if (curves.every(({ raw }) => raw.length === 0)) notes.push("no values yet");
  if (missing > 0) notes.push(`${missing} ${missing === 1 ? "value" : "values"} not finite, left out`);
  const apart = (note: string, i: number) => `<tspan dx="${entries.length + i > 0 ? 16 : 0}">${note}</tspan>`;
  return [...entries, ...notes.map(apart)].join("");
}

/**
 * Loss curves as an SVG document: every value faint, a moving median strong, a linear axis from 0 or a logarithmic
 * one where the loss falls far. Values that are not finite are left out and counted below the title.
 */
export function lossChart(options: LossChartOptions): string {
  checked(schema, options, "lossChart");
  const { series, title = "Training loss", xLabel = "step", yLabel = "loss" } = options;
  const missing = series.flatMap(({ points }) => points).filter((point) => !isFinitePoint(point)).length;
  const curves = series.map(curveOf);
  return chartSvg({
    title,
    legend: [legend(curves, missing)],
    width: WIDTH,
    plotHeight: PLOT_HEIGHT,
    elements: curveElements(curves, xLabel, yLabel),
  });
}
