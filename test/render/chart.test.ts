import { DOMParser } from "linkedom";
import { describe, expect, it } from "vitest";
import { lossChart } from "../../src/render/chart.ts";
import { toPng } from "../../src/render/png.ts";
import { lossScale } from "../../src/render/scale.ts";
import { type CurvePoint, movingMedian, thin } from "../../src/render/smoothing.ts";
import { darkPixels } from "./pixels.ts";

const parse = (svg: string) => new DOMParser().parseFromString(svg, "image/svg+xml");
const textOf = (svg: string) =>
  [...parse(svg).querySelectorAll("text")].map((text) => text.textContent ?? "");
const curve = (count: number, loss: (i: number) => number): CurvePoint[] =>
  Array.from({ length: count }, (_, i) => ({ step: i + 1, loss: loss(i) }));
const lines = (svg: string) =>
  [...parse(svg).querySelectorAll('[aria-label="line"] path')].map((path) => path.getAttribute("d") ?? "");

describe("lossChart", () => {
  it("shows each series twice, faint and smoothed, and names axes and series", () => {
    const svg = lossChart({
      title: "Loss of <cats>",
      xLabel: "epoch",
      series: [
        { name: "training", points: curve(300, (i) => 1 / (1 + i / 30)) },
        { name: "test", points: curve(300, (i) => 1.1 / (1 + i / 40)) },
      ],
    });
    expect(lines(svg).length).toBe(4);
    const texts = textOf(svg);
    expect(texts).toContain("Loss of <cats>");
    expect(texts).toContain("epoch");
    expect(texts).toContain("loss (log scale)");
    expect(texts).toContain("—training—test");
    expect(texts).toContain("0.1");
  });

  it("is linear from 0 where the loss falls little", () => {
    const texts = textOf(
      lossChart({ series: [{ name: "training", points: curve(100, (i) => 1 - i / 200) }] }),
    );
    expect(texts).toContain("loss");
    expect(texts).toContain("0");
    expect(texts).toContain("0.8");
  });

  it.each([
    ["no series", []],
    ["no points", [{ name: "training", points: [] }]],
    ["one point", [{ name: "training", points: [{ step: 1, loss: 0.7 }] }]],
    ["one loss of zero", [{ name: "training", points: [{ step: 0, loss: 0 }] }]],
    ["one below zero", [{ name: "training", points: [{ step: 0, loss: -2 }] }]],
    ["the same loss again", [{ name: "training", points: curve(50, () => 0.5) }]],
    ["no number", [{ name: "training", points: curve(40, (i) => (i % 7 === 0 ? Number.NaN : i)) }]],
    ["infinity", [{ name: "training", points: curve(3, () => Infinity) }]],
    ["far apart", [{ name: "training", points: curve(500, (i) => 10 ** (i / 25 - 10)) }]],
  ])("can be drawn with %s", (_, series) => {
    const svg = lossChart({ series });
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    // The title alone has some hundreds.
    expect(darkPixels(toPng(svg, { scale: 1 }))).toBeGreaterThan(200);
  });

  it("says what it leaves out", () => {
    const points = curve(10, (i) => (i < 3 ? Number.NaN : 1));
    expect(textOf(lossChart({ series: [{ name: "a", points }] }))[1]).toBe("—a3 values not finite, left out");
  });

  it("stays small however long the training", () => {
    const noise = (i: number) => 1 + (((i * 7919) % 1000) / 1000 - 0.5) / 2;
    const svg = lossChart({ series: [{ name: "training", points: curve(200_000, noise) }] });
    expect(svg.length).toBeLessThan(64_000);
  });

  it("is the same document every time", () => {
    const series = [{ name: "training", points: curve(50, (i) => 1 / (i + 1)) }];
    expect(lossChart({ series })).toBe(lossChart({ series }));
  });
});

describe("lossScale", () => {
  it("lets one spike in two hundred leave the axis", () => {
    const losses = Array.from({ length: 200 }, (_, i) => (i === 100 ? 1e6 : 1));
    expect(lossScale(losses, [1, 1]).domain).toEqual([0, 1.05]);
  });

  it("marks 1, 2 and 5 over two powers of ten, powers alone beyond", () => {
    expect(lossScale([0.09, 1.1], [0.09, 1.1]).ticks).toEqual([0.1, 0.2, 0.5, 1]);
    expect(lossScale([0.0009, 1.1], [0.0009, 1.1]).ticks).toEqual([0.001, 0.01, 0.1, 1]);
  });
});

describe("movingMedian", () => {
  it("keeps a straight line but for its end, where it looks back", () => {
    const smooth = movingMedian(
      curve(100, (i) => i),
      10,
      100,
    );
    expect(smooth.slice(0, 90)).toEqual(curve(90, (i) => i));
    expect(smooth.at(-1)).toEqual({ step: 100, loss: 94 });
  });

  it("ignores a spike and keeps the first and the last step", () => {
    const smooth = movingMedian(
      curve(1000, (i) => (i === 500 ? 1e9 : 2)),
      20,
      50,
    );
    expect(smooth.every(({ loss }) => loss === 2)).toBe(true);
    expect([smooth[0].step, smooth.at(-1)?.step]).toEqual([1, 1000]);
    expect(smooth.length).toBeLessThanOrEqual(51);
  });
});

describe("thin", () => {
  it("keeps the extremes, the order and the ends of a rising curve", () => {
    const points = curve(10_000, (i) => (i === 1234 ? 99 : i === 5678 ? -99 : Math.sin(i)));
    const kept = thin(points, 300);
    expect(kept.length).toBeLessThanOrEqual(300);
    expect(kept.map(({ loss }) => loss)).toEqual(expect.arrayContaining([99, -99]));
    expect(kept.every(({ step }, i) => i === 0 || step > kept[i - 1].step)).toBe(true);
  });
});
