import { describe, expect, it } from "vitest";
import { fewStepsChart } from "../../src/bench/scripts/few-steps-chart.ts";
import { drawSynthetic } from "../../src/data/synthetic.ts";
import { barChart } from "../../src/render/bars.ts";
import { lossChart } from "../../src/render/chart.ts";
import { replayGif } from "../../src/render/gif.ts";
import { gridSvg, inColumns } from "../../src/render/grid.ts";
import { toPng } from "../../src/render/png.ts";
import { toSvg } from "../../src/render/svg.ts";
import { house } from "./drawings.ts";
import { pictureAfter, readGif } from "./gif-reader.ts";
import { encodePng } from "./pixels.ts";
import { expectToLookLike, reference, visiblyDifferent } from "./references.ts";

const cat = drawSynthetic("cat", 7, 0);
const bus = drawSynthetic("bus", 7, 1);

/** All that a grid can have. */
const grid = gridSvg(
  [
    {
      label: "house",
      sketches: [house, undefined, house],
      captions: ["real", "", "a caption that is too long"],
    },
    { label: "şehir otobüsü", sketches: [bus, cat], captions: ["seed 7"] },
  ],
  {
    title: "Houses & others",
    subtitle: "a place left free, a row that is shorter",
    groups: [
      { heading: "real", columns: 2 },
      { heading: "generated", columns: 1 },
    ],
    cell: 96,
  },
);

/** A loss that falls as losses do, with noise that is the same every time. */
const falling = (floor: number, drop: number) =>
  Array.from({ length: 60 }, (_, i) => ({
    step: 50 * (i + 1),
    loss: floor + drop * Math.exp(-i / 8) * (1 + 0.25 * Math.sin(5 * i)) + 0.02 * Math.sin(37 * i),
  }));
const losses = lossChart({
  title: "Loss of two runs",
  series: [
    { name: "training", points: falling(0.1, 1) },
    { name: "held out", points: [...falling(0.13, 1.1), { step: 3050, loss: Number.NaN }] },
  ],
});

describe("the pictures are those that were looked at", () => {
  it.each<[string, string]>([
    ["drawing.svg", toSvg(house)],
    ["drawing-for-plotter.svg", toSvg(house, { paper: "none", title: "", size: "100mm" })],
    ["grid.svg", grid],
    [
      "grid-for-plotter.svg",
      gridSvg(inColumns([house, cat, bus], 2), { paper: "none", title: "", size: "200mm" }),
    ],
    ["loss-chart.svg", losses],
    [
      "loss-chart-linear.svg",
      lossChart({ series: [{ name: "training", points: falling(0.5, 0.3) }], xLabel: "epoch" }),
    ],
    ["loss-chart-empty.svg", lossChart({ series: [] })],
    [
      "bars.svg",
      barChart({
        title: "Recognition per category",
        series: ["real, held out", "baseline", "a model with a name that is rather long"],
        groups: [
          { label: "cat", shares: [0.93, 0.71, 0.5] },
          { label: "a category with a name that nobody would give to one", shares: [1, undefined, 0] },
          { label: "… 3 more", shares: [] },
        ],
        xLabel: "top-1",
      }),
    ],
    [
      "few-steps.svg",
      fewStepsChart(
        [
          { way: "ddim", evaluations: 20, kid: 90 },
          { way: "ddim", evaluations: 100, kid: 12 },
          { way: "distilled", evaluations: 1, kid: 150 },
          { way: "distilled", evaluations: 4, kid: 14 },
        ].map((row) => ({ ...row, fid: 0, precision: 0, recall: 0, top1: 0 })),
      ),
    ],
  ])("%s", (file, svg) => expect(svg).toMatchFileSnapshot(reference(file)));

  it.each<[string, Uint8Array]>([
    ["drawing.png", toPng(toSvg(house, { size: 100 }))],
    ["grid.png", toPng(grid, { scale: 1 })],
    ["loss-chart.png", toPng(losses, { scale: 0.5 })],
  ])("%s", (file, png) => expectToLookLike(png, file));

  it("replay.png, five moments of a GIF side by side", () => {
    const gif = readGif(replayGif(house, { size: 96 }));
    const moments = [0.1, 0.3, 0.5, 0.7, 1].map((share) =>
      pictureAfter(gif, Math.ceil(share * gif.frames.length)),
    );
    const rows = Array.from({ length: 96 }, (_, row) => 96 * row);
    const strip = rows.flatMap((from) => moments.flatMap((levels) => [...levels.subarray(from, from + 96)]));
    const pixels = Uint8Array.from(strip.flatMap((level) => [...gif.palette[level], 255]));
    expectToLookLike(encodePng(96 * moments.length, 96, pixels), "replay.png");
  });
});

describe("two PNGs", () => {
  const png = (sketch = house, lineWidth = 1.2) => toPng(toSvg(sketch, { size: 100, lineWidth }));
  const strokes = (count: number) => ({ strokes: house.strokes.slice(0, count) });

  it("of one drawing do not differ", () => expect(visiblyDifferent(png(), png())).toBe(0));

  it.each<[string, Uint8Array]>([
    ["lacks its smallest stroke, a dot", png(strokes(3))],
    ["has lines half as thick again", png(house, 1.8)],
    ["lies elsewhere", png({ strokes: [...house.strokes, { x: [101], y: [0] }] })],
  ])("differ where one %s", (_, other) => expect(visiblyDifferent(png(), other)).toBeGreaterThan(0));
});
