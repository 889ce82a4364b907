// Makes docs/pictures/studio.gif, of the page as it is: npm run studio:build && npx tsx studio/film.ts

import { writeFileSync } from "node:fs";
import { Resvg } from "@resvg/resvg-js";
import gifenc from "gifenc";
import type { Page } from "playwright-core";
import { openBrowser } from "../test/studio/browser.ts";
import { serve } from "../test/studio/server.ts";

const SIZE = { width: 960, height: 640 };
/** Besides the page's own, which are to be as they are. */
const COLOURS = 48;
const NEAR = 14;
const EXACT = [
  [255, 255, 255],
  [244, 242, 238],
  [28, 31, 38],
];
/** Milliseconds. */
const FRAME = 80;
const HOLD = 1600;

if (typeof gifenc === "function") throw new Error("gifenc: expected its CommonJS module");
const { GIFEncoder, quantize, applyPalette } = gifenc;

const frames: { readonly pixels: Uint8Array; readonly delay: number }[] = [];

async function take(page: Page, delay = FRAME): Promise<void> {
  const png = (await page.screenshot()).toString("base64");
  const { width, height } = SIZE;
  const image = `<image href="data:image/png;base64,${png}" width="${width}" height="${height}"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${image}</svg>`;
  frames.push({ pixels: new Uint8Array(new Resvg(svg).render().pixels), delay });
}

/** The player's whole time, frame by frame. */
async function play(page: Page): Promise<void> {
  const track = page.locator(".track input");
  const end = Number(await track.getAttribute("max"));
  for (let time = 0; time < end; time += FRAME / 1000) {
    await track.fill(String(time));
    await track.blur();
    await take(page);
  }
  await track.fill(String(end));
  await track.blur();
}

const drawn = (page: Page) =>
  page
    .locator(".status")
    .filter({ hasText: /drawings in/ })
    .waitFor();

/** A circle around the middle of the pad, taken while it is drawn. */
async function drawCircle(page: Page, radius: number): Promise<void> {
  const { x, y, width } = (await page.locator(".pad").boundingBox()) ?? { x: 0, y: 0, width: 0 };
  const moveTo = (turn: number) =>
    page.mouse.move(x + width * (0.5 + radius * Math.sin(turn)), y + width * (0.5 - radius * Math.cos(turn)));
  await moveTo(0);
  await page.mouse.down();
  for (let i = 1; i <= 72; i++) {
    await moveTo((i / 72) * 2 * Math.PI);
    if (i % 6 === 0) await take(page);
  }
  await page.mouse.up();
}

const server = await serve({ studio: "studio/dist" });
const browser = await openBrowser();
try {
  const page = await browser.newPage({ viewport: SIZE, reducedMotion: "reduce", locale: "en-GB" });
  await page.goto(`${server.url}/#draw?category=snail&count=6&seed=0`);
  await drawn(page);
  await play(page);
  await take(page, HOLD);
  await page.goto(`${server.url}/#together?category=face&seed=2`);
  await take(page, HOLD / 2);
  await drawCircle(page, 0.36);
  await drawn(page);
  await play(page);
  await take(page, HOLD);
  await page.getByRole("button", { name: "Take this one" }).nth(1).click();
  await take(page, HOLD);
} finally {
  await browser.close();
  await server.stop();
}

// One palette for all; what stays as it was is transparent, which compresses to nearly nothing.
const some = frames.filter((_, i) => i % 12 === 0);
const together = new Uint8Array(some.reduce((sum, { pixels }) => sum + pixels.length, 0));
for (const [i, { pixels }] of some.entries()) together.set(pixels, i * pixels.length);
const far = (colour: readonly number[]) =>
  EXACT.every((exact) => Math.hypot(...exact.map((value, i) => value - (colour[i] ?? 0))) > NEAR);
const palette = [...EXACT, ...quantize(together, COLOURS).filter(far)];
const transparentIndex = palette.length;
const gif = GIFEncoder();
let before: Uint8Array | undefined;
for (const { pixels, delay } of frames) {
  const indices = applyPalette(pixels, palette);
  const changed = indices.map((index, i) => (before?.[i] === index ? transparentIndex : index));
  gif.writeFrame(changed, SIZE.width, SIZE.height, {
    delay,
    dispose: 1,
    transparent: true,
    transparentIndex,
    ...(before === undefined && { palette: [...palette, [0, 0, 0]] }),
  });
  before = indices;
}
gif.finish();
writeFileSync("docs/pictures/studio.gif", gif.bytes());
console.log(`docs/pictures/studio.gif: ${frames.length} frames, ${gif.bytes().length} bytes`);
