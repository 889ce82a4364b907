import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { replayGif } from "../../src/render/gif.ts";
import { writeGallery } from "../../src/report/gallery.ts";
import type { Sketch } from "../../src/sketch/sketch.ts";

const folder = mkdtempSync(join(tmpdir(), "cizgi-gallery-"));
afterAll(() => rmSync(folder, { recursive: true }));

const zigzag: Sketch = {
  strokes: [
    { x: [0, 100, 0, 100], y: [0, 0, 100, 100] },
    { x: [20, 30], y: [50, 50] },
  ],
};
const dot: Sketch = { strokes: [{ x: [5, 5], y: [5, 5] }] };
const rows = [
  { category: "zig & zag", sketches: [zigzag, dot, zigzag] },
  { category: "dot", sketches: [dot] },
];
beforeAll(() => writeGallery(folder, rows, "seed 0"));
const page = () => readFileSync(join(folder, "index.html"), "utf8");

describe("a gallery", () => {
  test("is a picture, a page, and a GIF of each category", () => {
    expect(readdirSync(folder).sort()).toEqual([
      "dot.gif",
      "gallery.png",
      "gallery.svg",
      "index.html",
      "zig & zag.gif",
    ]);
    for (const { category, sketches } of rows) {
      const gif = readFileSync(join(folder, `${category}.gif`));
      expect(gif.equals(replayGif(sketches[0], { size: 320 })), category).toBe(true);
    }
  });

  test("the page holds every stroke of every drawing, one after the other, and needs no other file", () => {
    const drawings = [...page().matchAll(/<button[^>]*>(.*?)<\/button>/gs)].map(([, inner]) => inner);
    expect(drawings).toHaveLength(4);
    const strokes = drawings.map((drawing) => [...drawing.matchAll(/--from:([\d.]+)s;--takes:([\d.]+)s/g)]);
    expect(strokes.map((of) => of.length)).toEqual([2, 1, 2, 1]);
    const [[, from, takes], [, next]] = strokes[0];
    expect(Number(from)).toBe(0);
    expect(Number(next)).toBeGreaterThan(Number(takes));
    expect(page()).not.toMatch(/(src|href)=/);
  });

  test("the page keeps still where motion is not wanted", () => {
    const [before] = page().split("@media (prefers-reduced-motion: no-preference)");
    expect(before).not.toContain("animation");
  });
});
