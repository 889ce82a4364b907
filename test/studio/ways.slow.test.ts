import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, inject } from "vitest";
import { collect } from "../../src/base/collect.ts";
import { familyNames } from "../../src/families/registry.ts";
import type { GeneratedSketch } from "../../src/families/request.ts";
import { loadModel } from "../../src/node/model.ts";
import { sample } from "../../src/node/sample.ts";
import { visiting } from "./visit.ts";

const it = visiting("tiny");

const columns = (page: Page) => page.locator(".ways > li");
const points = (sketches: readonly GeneratedSketch[]) =>
  sketches.map(({ strokes }) => strokes.flatMap(({ x, y }) => [...x, ...y]));

it("draws a category in each family's way, as Node draws it", async ({ page, open, drawn, finals }) => {
  await open("#ways?category=cat&seed=3", "?device=wasm");
  await drawn(8);
  const here = await finals();
  const names = await columns(page).locator("a").allTextContents();
  expect([...names].sort()).toEqual([...familyNames].sort());
  const there: GeneratedSketch[] = [];
  for (const name of names)
    there.push(
      ...(await collect(
        sample(await loadModel(join(inject("studio").families, name)), { category: "cat", seed: 3 }),
      )),
    );
  expect(here.map(({ strokes }) => strokes.length)).toEqual(there.map(({ strokes }) => strokes.length));
  const [mine, theirs] = [points(here), points(there)];
  expect(mine.map(({ length }) => length)).toEqual(theirs.map(({ length }) => length));
  // Pixels of 256: a thousandth where a drawing reaches from -1 to 1 is a tenth of one.
  for (const [i, name] of names.entries())
    expect(Math.max(0, ...theirs[i].map((value, j) => Math.abs(value - mine[i][j]))), name).toBeLessThan(
      0.01,
    );
});

it("shows how a drawing comes about: noise that clears, strokes, points", async ({ page, open, drawn }) => {
  await open("#ways?category=bus&seed=2", "?device=wasm");
  await drawn(8);
  const track = page.locator(".track input");
  const path = (name: string, family: string) =>
    columns(page).filter({ hasText: name }).locator(`.${family}`).getAttribute("d");
  // From the end, playing begins anew, all together.
  await page.getByRole("button", { name: "Play" }).click();
  await page.getByRole("button", { name: "Pause" }).click();
  await track.fill("1");
  expect(await path("unet1d", "pencil")).toMatch(/^M/);
  expect(await path("unet1d", "idea")).not.toBe(await path("unet1d", "pencil"));
  expect(await path("unet1d", "ink")).toBe("");
  // A stroke of one point is a dot.
  const soFar = (await path("sketchrnn-mdn", "ink"))?.replace(/h0$/, "") ?? "";
  await track.fill((await track.getAttribute("max")) ?? "");
  expect(await path("unet1d", "pencil")).toBe("");
  expect(await path("unet1d", "ink")).toMatch(/^M/);
  const whole = (await path("sketchrnn-mdn", "ink")) ?? "";
  expect(soFar.length).toBeGreaterThan(0);
  expect(whole.startsWith(soFar)).toBe(true);
  expect(whole.length).toBeGreaterThan(soFar.length);
});

it("fetches the families' models when the view is opened, once, and keeps them", async ({
  page,
  open,
  drawn,
}) => {
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith(".safetensors")) asked.push(request.url());
  });
  await open("#draw?count=1", "?device=wasm");
  await drawn(1);
  expect(asked).toHaveLength(1);
  await page.getByRole("link", { name: "Eight ways" }).click();
  await drawn(8);
  // The page's own model is one of them, and is there already.
  expect(new Set(asked).size).toBe(familyNames.length);
  const before = asked.length;
  await page.reload();
  await drawn(8);
  expect(asked).toHaveLength(before);
});

it("draws the last of many wishes, whose category and seed are in the link", async ({
  page,
  open,
  drawn,
  finals,
}) => {
  await open("#ways?category=cat&seed=3", "?device=wasm");
  await drawn(8);
  const again = page.getByRole("button", { name: "Again" });
  for (let i = 0; i < 5; i++) await again.click();
  await page.getByRole("combobox").fill("bus");
  await page.getByRole("combobox").press("Enter");
  await page.waitForURL(/#ways\?category=bus&seed=8$/);
  await expect
    .poll(async () => (await finals()).map(({ word, seed, index }) => [word, seed, index]), {
      timeout: 100_000,
    })
    .toEqual(Array.from({ length: 8 }, (_, index) => ["bus", 8, index]));
  await drawn(8);
});

it("says that a family's model is damaged, and gets it anew", async ({ page, server, open, drawn }) => {
  await open("#draw?count=1", "?device=wasm");
  await drawn(1);
  server.spoil = /safetensors$/;
  await page.getByRole("link", { name: "Eight ways" }).click();
  await page.getByRole("alert").filter({ hasText: "arrived damaged" }).waitFor();
  server.spoil = undefined;
  await page.getByRole("button", { name: "Try again" }).click();
  await drawn(8);
});

it("is told in Turkish, and fits on a phone", async ({ page, open }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open("#ways?category=cat&seed=3", "?device=wasm");
  await page.getByRole("button", { name: "Türkçe" }).click();
  await columns(page).filter({ hasText: "Çizgi çizgi" }).filter({ hasText: "Neden olmadı" }).waitFor();
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
});
