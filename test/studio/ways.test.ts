import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { collect } from "../../src/base/collect.ts";
import { familyNames } from "../../src/families/registry.ts";
import type { GeneratedSketch } from "../../src/families/request.ts";
import { loadModel, saveModel } from "../../src/node/model.ts";
import { sample } from "../../src/node/sample.ts";
import { tinyModel } from "../families/tiny-models.ts";
import { CHROMIUM, openBrowser } from "./browser.ts";
import { type StaticServer, serve } from "./server.ts";

/** What the engine tells the page, kept where a test finds it. */
const LISTEN = `
  globalThis.told = [];
  globalThis.Worker = class extends Worker {
    constructor(...args) {
      super(...args);
      this.addEventListener("message", ({ data }) => told.push(data));
    }
  };`;

describe.skipIf(CHROMIUM === undefined)("eight ways", () => {
  const root = mkdtempSync(join(tmpdir(), "cizgi-ways-"));
  const models = join(root, "models");
  let server: StaticServer;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  function build(folder: string, families: string): string {
    const vite = ["node_modules/vite/bin/vite.js", "build", "studio", "--outDir", folder];
    const env = {
      ...process.env,
      NODE_ENV: "production",
      CIZGI_STUDIO_MODEL: join(models, "unet1d"),
      CIZGI_STUDIO_FAMILIES: families,
    };
    return execFileSync("sh", ["-c", '"$0" "$@" 2>&1', process.execPath, ...vite], { env }).toString();
  }

  beforeAll(async () => {
    for (const family of familyNames)
      await saveModel(join(models, family), tinyModel(family, ["bus", "cat"]));
    build(join(root, "page"), models);
    server = await serve({ studio: join(root, "page") });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(root, { recursive: true });
  });
  beforeEach(async () => {
    context = await browser.newContext({ locale: "en-GB", reducedMotion: "reduce" });
    page = await context.newPage();
    // Eight families take their time where others compute too.
    page.setDefaultTimeout(100_000);
    await page.addInitScript({ content: LISTEN });
  });
  afterEach(() => {
    server.refuse = undefined;
    server.spoil = undefined;
    return context.close();
  });

  const open = (hash: string) => page.goto(`${server.url}/?device=wasm${hash}`);
  const drawn = () =>
    page
      .locator(".status")
      .filter({ hasText: /^8 drawings in/ })
      .waitFor();
  const columns = () => page.locator(".ways > li");
  const finals = () =>
    page.evaluate<GeneratedSketch[]>(
      `told.filter(({ type }) => type === "drawn").slice(-8).map(({ sketch }) => sketch)`,
    );
  const points = (sketches: readonly GeneratedSketch[]) =>
    sketches.map(({ strokes }) => strokes.flatMap(({ x, y }) => [...x, ...y]));

  it("draws a category in each family's way, as Node draws it", async () => {
    await open("#ways?category=cat&seed=3");
    await drawn();
    const here = await finals();
    const names = await columns().locator("a").allTextContents();
    expect([...names].sort()).toEqual([...familyNames].sort());
    const there: GeneratedSketch[] = [];
    for (const name of names)
      there.push(
        ...(await collect(sample(await loadModel(join(models, name)), { category: "cat", seed: 3 }))),
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

  it("shows how a drawing comes about: noise that clears, strokes, points", async () => {
    await open("#ways?category=bus&seed=2");
    await drawn();
    const track = page.locator(".track input");
    const path = (name: string, family: string) =>
      columns().filter({ hasText: name }).locator(`.${family}`).getAttribute("d");
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

  it("fetches the families' models when the view is opened, once, and keeps them", async () => {
    const asked: string[] = [];
    page.on("request", (request) => {
      if (request.url().endsWith(".safetensors")) asked.push(request.url());
    });
    await open("#draw?count=1");
    await page.locator(".status").filter({ hasText: "1 drawing in" }).waitFor();
    expect(asked).toHaveLength(1);
    await page.getByRole("link", { name: "Eight ways" }).click();
    await drawn();
    // The page's own model is one of them, and is there already.
    expect(new Set(asked).size).toBe(familyNames.length);
    const before = asked.length;
    await page.reload();
    await drawn();
    expect(asked).toHaveLength(before);
  });

  it("draws the last of many wishes, whose category and seed are in the link", async () => {
    await open("#ways?category=cat&seed=3");
    await drawn();
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
    await drawn();
  });

  it("says that a family's model is damaged, and gets it anew", async () => {
    await open("#draw?count=1");
    await page.locator(".status").filter({ hasText: "1 drawing in" }).waitFor();
    server.spoil = /safetensors$/;
    await page.getByRole("link", { name: "Eight ways" }).click();
    await page.getByRole("alert").filter({ hasText: "arrived damaged" }).waitFor();
    server.spoil = undefined;
    await page.getByRole("button", { name: "Try again" }).click();
    await drawn();
  });

  it("is told in Turkish, and fits on a phone", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open("#ways?category=cat&seed=3");
    await page.getByRole("button", { name: "Türkçe" }).click();
    await columns().filter({ hasText: "Çizgi çizgi" }).filter({ hasText: "Neden olmadı" }).waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
  });

  it("is left out, and said to be, where a family has no model", async () => {
    rmSync(join(models, "latent"), { recursive: true });
    const said = build(join(root, "seven"), models);
    expect(said).toContain('the page "Eight ways" is left out');
    expect(said).toMatch(/has no model of latent\./);
    const other = await serve({ studio: join(root, "seven") });
    try {
      await page.goto(`${other.url}/?device=wasm#ways`);
      await page.locator(".status").filter({ hasText: "drawings in" }).waitFor();
      expect(await page.getByRole("link", { name: "Eight ways" }).count()).toBe(0);
      expect(page.url()).toContain("#draw?");
    } finally {
      await other.stop();
    }
  });
});
