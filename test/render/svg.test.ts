import fc from "fast-check";
import { DOMParser } from "linkedom";
import { describe, expect, it } from "vitest";
import { toSvg } from "../../src/render/svg.ts";
import { anySketch, house } from "./drawings.ts";

const parse = (svg: string) => new DOMParser().parseFromString(svg, "image/svg+xml");

/** The points of path data as we write it: one start, then steps. */
function pointsOf(path: string): [number, number][] {
  const [start, ...steps] = path.split(/[a-z]/);
  const numbers = (text: string) => (text.match(/-?\d*\.?\d+/g) ?? []).map(Number);
  let [x, y] = numbers(start);
  const points: [number, number][] = [[x, y]];
  if (path.includes("h")) return points;
  const moves = numbers(steps[0]);
  for (let i = 0; i < moves.length; i += 2) {
    x += moves[i];
    y += moves[i + 1];
    points.push([x, y]);
  }
  return points;
}

describe("toSvg", () => {
  it("is one document with one path for each stroke that has points", () => {
    const document = parse(toSvg(house));
    expect(document.querySelectorAll("path").length).toBe(4);
    expect(document.querySelector("title")?.textContent).toBe("house");
    const group = document.querySelector("g");
    expect(group?.getAttribute("stroke-linecap")).toBe("round");
    expect(group?.getAttribute("stroke-linejoin")).toBe("round");
    expect(group?.getAttribute("stroke-width")).toBe("3");
    expect(document.documentElement.getAttribute("viewBox")).toBe("0 0 256 256");
  });

  it("animated, draws its strokes one after the other, each as long as its line takes", () => {
    const still = toSvg(house);
    const document = parse(toSvg(house, { animated: true }));
    const paths = [...document.querySelectorAll("path")];
    const times = paths.map((path) => {
      expect(path.getAttribute("pathLength")).toBe("1");
      const [, duration, delay] =
        /^animation-duration:([\d.]+)s;animation-delay:([\d.]+)s$/.exec(path.getAttribute("style") ?? "") ??
        [];
      return [Number(duration), Number(delay)];
    });
    // The roof: two lines of hypot(76.92, 92.31), at 1.6 pictures of 256 a second.
    expect(times[0][0]).toBeCloseTo((2 * Math.hypot(76.923, 92.308)) / (1.6 * 256), 2);
    // Each is rounded to hundredths.
    for (const [i, [duration, delay]] of times.slice(0, -1).entries())
      expect(Math.abs(times[i + 1][1] - (delay + duration + 0.16))).toBeLessThan(0.0151);
    const lines = (svg: string) =>
      [...parse(svg).querySelectorAll("path")].map((path) => path.getAttribute("d"));
    expect(paths.map((path) => path.getAttribute("d"))).toEqual(lines(still));
    expect(document.querySelector("style")?.textContent).toContain("prefers-reduced-motion: reduce");
    expect(still).not.toContain("animation");
  });

  it("fits 200 of 256 pixels, centred, and keeps the aspect", () => {
    const paths = [...parse(toSvg(house)).querySelectorAll("path")].map((path) => path.getAttribute("d"));
    // The house is 100 x 130: 130 becomes 200, the roof's left corner moves to 128 - 50 * 200 / 130.
    expect(paths[0]).toBe("M51.08 120.31l76.92-92.31 76.92 92.31");
    expect(paths[3]).toBe("M137.23 200.31h0");
  });

  it("keeps every point inside the margin, in two decimals, whatever is drawn", () => {
    fc.assert(
      fc.property(anySketch, fc.integer({ min: 16, max: 2000 }), (sketch, size) => {
        const margin = size / 8;
        const document = parse(toSvg(sketch, { size, margin }));
        const paths = [...document.querySelectorAll("path")].map((path) => path.getAttribute("d") ?? "");
        expect(paths.length).toBe(sketch.strokes.filter(({ x }) => x.length > 0).length);
        for (const path of paths) {
          expect(path).not.toMatch(/\.\d{3}|NaN|Infinity|e/);
          for (const [x, y] of pointsOf(path)) {
            for (const value of [x, y]) {
              expect(value).toBeGreaterThanOrEqual(margin - 0.0051);
              expect(value).toBeLessThanOrEqual(size - margin + 0.0051);
            }
          }
        }
      }),
    );
  });

  it("draws what has hardly any extent as a dot in the middle", () => {
    const dots = parse(toSvg({ strokes: [{ x: [0, 0], y: [0, -5e-324] }] }));
    expect(dots.querySelector("path")?.getAttribute("d")).toBe("M128 128h0");
  });

  it("does not let rounding add up along a stroke", () => {
    const count = 1000;
    const x = Array.from({ length: count }, (_, i) => i / 7);
    const y = Array.from({ length: count }, (_, i) => (i % 2) / 3);
    const path = parse(toSvg({ strokes: [{ x, y }] })).querySelector("path");
    const points = pointsOf(path?.getAttribute("d") ?? "");
    expect(points.at(-1)?.[0]).toBeCloseTo(228, 6);
  });

  it("draws an empty sketch, a dot and a transparent picture", () => {
    expect(parse(toSvg({ strokes: [] })).querySelectorAll("path").length).toBe(0);
    const dot = toSvg({ strokes: [{ x: [7, 7], y: [9, 9] }] }, { size: 100, paper: "none" });
    expect(dot).toContain('d="M50 50h0"');
    expect(dot).not.toContain("<rect");
  });

  it("is strokes alone for a plotter, as long on paper as is wanted, with the same paths", () => {
    const svg = toSvg(house, { paper: "none", title: "", size: "100mm" });
    const document = parse(svg);
    const names = new Set([...document.querySelectorAll("*")].map(({ nodeName }) => nodeName));
    expect([...names]).toEqual(["svg", "g", "path"]);
    const root = document.querySelector("svg");
    expect(["width", "height", "viewBox"].map((name) => root?.getAttribute(name))).toEqual([
      "100mm",
      "100mm",
      "0 0 256 256",
    ]);
    const paths = (text: string) => text.match(/<path[^>]*>/g);
    expect(paths(svg)).toEqual(paths(toSvg(house)));
  });

  it("escapes what is put into it", () => {
    const svg = toSvg(house, { title: 'a <b> & "c"\u0000\u0007 çizgi 🐈', ink: '"><script/>' });
    expect(parse(svg).querySelector("title")?.textContent).toBe('a <b> & "c" çizgi 🐈');
    expect(svg).not.toContain("<script");
  });

  it("refuses a point that is not a place", () => {
    expect(() => toSvg({ strokes: [{ x: [0, Number.NaN], y: [0, 1] }] })).toThrow(
      "toSvg: strokes.0.x.1: expected a number from -1e+30 to 1e+30, found NaN",
    );
  });
});
