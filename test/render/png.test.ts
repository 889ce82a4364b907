import { describe, expect, it } from "vitest";
import { toPng } from "../../src/render/png.ts";
import { toSvg } from "../../src/render/svg.ts";
import { textElement } from "../../src/render/text.ts";
import { FONT } from "../../src/render/theme.ts";
import { house } from "./drawings.ts";
import { decodePng } from "./pixels.ts";

const dark = 64;
const light = 192;

describe("toPng", () => {
  it("is twice the size of the SVG, with ink where the lines are", () => {
    const { width, height, red } = decodePng(toPng(toSvg(house)));
    expect([width, height]).toEqual([512, 512]);
    expect(red(256, 56)).toBeLessThan(dark); // the roof's ridge: (50, 0) is at (128, 28)
    expect(red(274, 400)).toBeLessThan(dark); // the knob: a stroke of one point
    expect(red(276, 394)).toBeGreaterThan(light); // just beside it
    expect(red(10, 10)).toBe(255);
    expect(red(256, 250)).toBe(255); // inside the house, above the door
  });

  it("takes any scale and gives the same bytes again", () => {
    const svg = toSvg(house, { size: 64 });
    expect(decodePng(toPng(svg, { scale: 1 })).width).toBe(64);
    expect(toPng(svg)).toEqual(toPng(svg));
  });

  it("sets text in its own font, also letters of Turkish, at both weights", () => {
    const page = (...texts: string[]) =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40" font-family="${FONT}" font-size="20">${texts.join("")}</svg>`;
    const ink = (svg: string): number => {
      const { width, height, red } = decodePng(
        toPng(page(`<rect width="200" height="40" fill="#fff"/>`, svg)),
      );
      let sum = 0;
      for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) sum += 1 - red(x, y) / 255;
      return sum;
    };
    const regular = ink(textElement("çizgi", `x="4" y="28"`));
    const bold = ink(textElement("çizgi", `x="4" y="28" font-weight="600"`));
    expect(regular).toBeGreaterThan(200);
    expect(bold).toBeGreaterThan(1.15 * regular);
    for (const letter of "ğĞıİşŞçÇöÖüÜ…—·")
      expect(ink(textElement(letter, `x="4" y="28"`)), letter).toBeGreaterThan(4);
  });
});
