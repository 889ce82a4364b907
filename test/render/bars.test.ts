import { DOMParser } from "linkedom";
import { describe, expect, it } from "vitest";
import { barChart } from "../../src/render/bars.ts";
import { toPng } from "../../src/render/png.ts";
import { darkPixels } from "./pixels.ts";

const parse = (svg: string) => new DOMParser().parseFromString(svg, "image/svg+xml");
const textOf = (svg: string) =>
  [...parse(svg).querySelectorAll("text")].map((text) => text.textContent ?? "");
const bars = (svg: string) =>
  [...parse(svg).querySelectorAll('[aria-label="rect"] rect')].map((bar) => ({
    width: Number(bar.getAttribute("width")),
    top: Number(bar.getAttribute("y")),
    bottom: Number(bar.getAttribute("y")) + Number(bar.getAttribute("height")),
    colour: bar.getAttribute("fill"),
  }));
const series = ["real", "<generated>"];
const about = { series, title: "Recognition & more", xLabel: "top-1" };

describe("barChart", () => {
  it("draws bars as long as their shares, one colour for each series, with labels and values", () => {
    const groups = [
      { label: "cat", shares: [1, 0.5] },
      { label: "bus", shares: [0.75, undefined] },
    ];
    const svg = barChart({ ...about, groups });
    const drawn = bars(svg);
    expect(drawn.map(({ width }) => width / drawn[0].width)).toEqual([1, 0.5, 0.75]);
    expect(drawn[0].colour).toBe(drawn[2].colour);
    expect(drawn[0].colour).not.toBe(drawn[1].colour);
    const texts = textOf(svg);
    for (const text of ["Recognition & more", "—real—<generated>", "top-1", "cat", "bus", "50 %", "75 %"])
      expect(texts).toContain(text);
  });

  it("keeps bars apart and inside the page, for 1 and for 31 groups", () => {
    for (const count of [1, 31]) {
      const groups = Array.from({ length: count }, (_, i) => ({
        label: `category ${i}`,
        shares: [0.9, i / 40],
      }));
      const svg = barChart({ ...about, groups });
      const drawn = bars(svg);
      expect(drawn.length).toBe(2 * count);
      for (const [i, { top, bottom }] of drawn.entries()) {
        expect(bottom - top).toBeGreaterThan(10);
        if (i > 0) expect(top).toBeGreaterThanOrEqual(drawn[i - 1].bottom);
        expect(bottom).toBeLessThan(Number(parse(svg).documentElement.getAttribute("height")));
      }
    }
  });

  it("gives the legend as many lines as the names need, and the drawing room below", () => {
    const names = ["real", ...Array.from({ length: 5 }, (_, i) => `a model with quite a long name ${i}`)];
    const groups = [{ label: "cat", shares: names.map(() => 0.5) }];
    const svg = barChart({ ...about, series: names, groups });
    const lines = textOf(svg).filter((text) => text.startsWith("—"));
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.join("")).toBe(names.map((name) => `—${name}`).join(""));
    const heightOf = (markup: string) => Number(parse(markup).documentElement.getAttribute("height"));
    const oneLine = barChart({ ...about, series: names.map((_, i) => `${i}`), groups });
    expect(heightOf(svg) - heightOf(oneLine)).toBe(20 * (lines.length - 1));
  });

  it.each([
    ["no groups", []],
    ["a group without bars", [{ label: "… 315 more", shares: [] }]],
    ["a long label", [{ label: "a category with a name that nobody would give to one", shares: [0, 1] }]],
  ])("can be drawn with %s", (_, groups) => {
    const svg = barChart({ ...about, groups });
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    // The title alone has some hundreds.
    expect(darkPixels(toPng(svg, { scale: 1 }))).toBeGreaterThan(200);
  });
});
