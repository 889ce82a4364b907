import fc from "fast-check";
import { DOMParser } from "linkedom";
import { describe, expect, it } from "vitest";
import { gridSvg, inColumns } from "../../src/render/grid.ts";
import { anySketch, house } from "./drawings.ts";

const parse = (svg: string) => new DOMParser().parseFromString(svg, "image/svg+xml");
const number = (element: { getAttribute(name: string): string | null }, name: string) =>
  Number(element.getAttribute(name));

describe("gridSvg", () => {
  it("lays ten drawings out as two rows of five with a title", () => {
    const document = parse(gridSvg(inColumns(Array(10).fill(house), 5), { title: "house & home" }));
    const cells = [...document.querySelectorAll("g rect")];
    expect(cells.length).toBe(10);
    expect(document.querySelectorAll("path").length).toBe(10);
    expect(new Set(cells.map((cell) => number(cell, "x"))).size).toBe(5);
    expect(new Set(cells.map((cell) => number(cell, "y"))).size).toBe(2);
    expect(document.querySelector("text")?.textContent).toBe("house & home");
    expect(document.querySelector("title")?.textContent).toBe("house & home");
  });

  it("keeps cells apart and inside the page, whatever the rows hold", () => {
    const row = fc.record({
      sketches: fc.array(anySketch, { maxLength: 4 }),
      label: fc.string({ maxLength: 12 }),
      captions: fc.array(fc.string({ maxLength: 40 }), { maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 3 }), fc.string(), (rows, title) => {
        const { documentElement: svg } = parse(gridSvg(rows, { title, cell: 96 }));
        const cells = [...svg.querySelectorAll("g rect")].map((cell) => [
          number(cell, "x"),
          number(cell, "y"),
        ]);
        expect(cells.length).toBe(rows.reduce((sum, { sketches }) => sum + sketches.length, 0));
        for (const [i, [x, y]] of cells.entries()) {
          expect(x + 96).toBeLessThan(number(svg, "width"));
          expect(y + 96).toBeLessThan(number(svg, "height"));
          for (const [otherX, otherY] of cells.slice(0, i))
            expect(Math.max(Math.abs(x - otherX), Math.abs(y - otherY))).toBeGreaterThanOrEqual(96);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("labels rows, writes captions below their cells and shortens those that do not fit", () => {
    const caption = "a caption much longer than its cell is wide";
    const rows = [
      { label: "cat", sketches: [house, house], captions: ["seed 7", caption] },
      { sketches: [] },
    ];
    const texts = [...parse(gridSvg(rows)).querySelectorAll("text")].map((text) => text.textContent ?? "");
    expect(texts.slice(0, 2)).toEqual(["cat", "seed 7"]);
    expect(texts[2].endsWith("…")).toBe(true);
    expect(caption.startsWith(texts[2].slice(0, -1))).toBe(true);
  });

  it("sets groups of columns apart, under their headings, and leaves free places without a cell", () => {
    const groups = [
      { heading: "real", columns: 2 },
      { heading: "a heading longer than its only column is wide", columns: 1 },
      { columns: 2 },
    ];
    const svg = parse(
      gridSvg([{ sketches: [house, undefined, house, house, house] }], { groups, cell: 100 }),
    );
    const x = [...svg.querySelectorAll("g rect")].map((cell) => number(cell, "x"));
    expect(x.map((left) => left - x[0])).toEqual([0, 234, 358, 468]);
    const headings = [...svg.querySelectorAll("text")];
    expect(headings.map((heading) => number(heading, "x"))).toEqual([x[0], x[1]]);
    expect(headings[0].textContent).toBe("real");
    expect(headings[1].textContent).toMatch(/^a heading.*…$/);
    expect(number(headings[0], "y")).toBeLessThan(number(svg.querySelectorAll("g rect")[0], "y"));
  });
});

it("a grid for a plotter is lines alone, its longer side as long as is wanted", () => {
  const rows = inColumns([house, house, house], 2);
  const document = parse(gridSvg([...rows, ...rows], { paper: "none", title: "", size: "200mm" }));
  const names = new Set([...document.querySelectorAll("*")].map(({ nodeName }) => nodeName));
  expect([...names]).toEqual(["svg", "g", "path"]);
  expect(document.querySelectorAll("path").length).toBe(6);
  const root = document.querySelector("svg");
  const attribute = (name: string) => root?.getAttribute(name) ?? "";
  expect(attribute("height")).toBe("200mm");
  const [, , width, height] = attribute("viewBox").split(" ").map(Number);
  expect(Number.parseFloat(attribute("width"))).toBeCloseTo((200 * width) / height, 2);
  expect(attribute("width")).toMatch(/^\d+(\.\d+)?mm$/);
});

describe("inColumns", () => {
  it("keeps the order and leaves the last row short", () => {
    const sketches = Array.from({ length: 7 }, (_, i) => ({ ...house, keyId: String(i) }));
    const rows = inColumns(sketches, 3);
    expect(rows.map((row) => row.sketches.length)).toEqual([3, 3, 1]);
    expect(rows.flatMap((row) => row.sketches)).toEqual(sketches);
  });
});
