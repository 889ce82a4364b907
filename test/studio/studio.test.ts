import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { collect } from "../../src/base/collect.ts";
import { readNdjson } from "../../src/data/read/ndjson.ts";
import { requireDenoiser } from "../../src/families/denoisers.ts";
import { loadModel } from "../../src/node/model.ts";
import { sample } from "../../src/node/sample.ts";
import type { Sketch } from "../../src/sketch/sketch.ts";
import { readGif } from "../render/gif-reader.ts";
import { decodePng } from "../render/pixels.ts";
import { CHROMIUM, openBrowser } from "./browser.ts";
import { type StaticServer, serve } from "./server.ts";

describe.skipIf(CHROMIUM === undefined)("the studio", () => {
  const folder = mkdtempSync(join(tmpdir(), "cizgi-studio-"));
  let server: StaticServer;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    // As npm run studio:build does: Vitest's own process passes for a development server.
    const vite = ["node_modules/vite/bin/vite.js", "build", "studio", "--outDir", folder, "--emptyOutDir"];
    execFileSync(process.execPath, vite, { env: { ...process.env, NODE_ENV: "production" }, stdio: "pipe" });
    server = await serve({ studio: folder });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    context = await browser.newContext({ locale: "en-GB", reducedMotion: "reduce" });
    page = await context.newPage();
    // Where others compute too, everything takes its time.
    page.setDefaultTimeout(100_000);
  });
  afterEach(() => {
    Object.assign(server, {
      refuse: undefined,
      spoil: undefined,
      change: undefined,
      hang: undefined,
      policy: undefined,
    });
    return context.close();
  });

  const open = (hash = "", search = "") => page.goto(`${server.url}/${search}${hash}`);
  const status = (): Locator => page.locator(".status");
  const drawn = (count: number) =>
    status()
      .filter({ hasText: new RegExp(`^${count} (drawings? in|çizim)`) })
      .waitFor();
  const styleOf = (selector: string, property: string) =>
    page.evaluate<string>(`getComputedStyle(document.querySelector("${selector}")).${property}`);
  const button = (name: string) => page.getByRole("button", { name, exact: true });

  async function saved(format: string): Promise<Buffer> {
    const download = page.waitForEvent("download");
    await button(format).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(new RegExp(`^[a-z]+-\\d+\\.${format.toLowerCase()}$`));
    return readFileSync(await file.path());
  }
  async function savedSketches(): Promise<Sketch[]> {
    const bytes = await saved("ndjson");
    return (await collect(readNdjson(one(bytes), "saved"))).map(({ sketch }) => sketch);
  }

  it("draws what its link says, as Node draws it", async () => {
    await open("#draw?category=snail&count=2&seed=3");
    await drawn(2);
    const here = await savedSketches();
    const there = await collect(sample(await loadModel(), { category: "snail", count: 2, seed: 3 }));
    expect(here.map(({ word }) => word)).toEqual(["snail", "snail"]);
    expect(here.map(pointCounts)).toEqual(there.map(pointCounts));
    const differences = xs(there).map((x, i) => Math.abs(x - xs(here)[i]));
    // ndjson has hundredths of a pixel.
    expect(Math.max(...differences)).toBeLessThan(0.1);
  });

  it("gives drawings away in every form", async () => {
    await open("#draw?category=snail&count=2&seed=3");
    await drawn(2);
    const svg = String(await saved("SVG"));
    expect(svg).toContain("<title>snail</title>");
    expect(svg.match(/<rect [^>]*rx=/g)).toHaveLength(2);
    const { width, height, red } = decodePng(await saved("PNG"));
    expect(width).toBeGreaterThan(1000);
    const row = Array.from({ length: width }, (_, i) => red(i, Math.floor(height / 2)));
    expect(Math.max(...row)).toBe(255);
    expect(Math.min(...row)).toBeLessThan(60);
    const { frames, width: gifWidth } = readGif(await saved("GIF"));
    expect(gifWidth).toBe(512);
    expect(frames.length).toBeGreaterThan(5);
    // A drawing that was chosen goes alone.
    await button("snail, 2 of 2").click();
    const [second, ...more] = await savedSketches();
    expect(more).toEqual([]);
    expect(second.strokes.length).toBeGreaterThan(0);
    expect(String(await saved("SVG"))).not.toContain("rx=");
  });

  it("shows the noise, then the pen, and stops where one wants it to", async () => {
    await page.emulateMedia({ reducedMotion: "no-preference" });
    await open("#draw?category=snail&count=1&seed=3");
    await drawn(1);
    await button("Pause").click();
    const time = page.getByRole("slider", { name: "Time" });
    await time.fill("0");
    const pathOf = (name: string) => page.locator(`.cells .${name}`).getAttribute("d");
    const inked = () =>
      page
        .locator(".cells .pen path")
        .evaluateAll((paths) => paths.filter((path) => path.style.visibility === "visible").length);
    const noise = await pathOf("pencil");
    expect(noise).toMatch(/^M/);
    expect(await pathOf("idea")).not.toBe(noise);
    expect(await inked()).toBe(0);
    await time.fill((await time.getAttribute("max")) ?? "");
    expect(await pathOf("idea")).toBe("");
    expect(await inked()).toBe(await page.locator(".cells .pen path").count());
    await button("Play").click();
    await button("Pause").waitFor();
  });

  it("changes how the model draws, and says so in the link only where it does", async () => {
    await open("#draw?category=snail&count=1&seed=3");
    await drawn(1);
    await page.getByText("Settings").click();
    const [own] = await savedSketches();
    await page.getByRole("slider", { name: "Steps" }).fill("4");
    await page.waitForURL(/steps=4/);
    const strokes = async () => (await savedSketches())[0].strokes;
    await expect.poll(strokes, { timeout: 20_000 }).not.toEqual(own.strokes);
    await page
      .getByRole("slider", { name: "Steps" })
      .fill(String(requireDenoiser((await loadModel()).config, "it").sampling.steps));
    await page.waitForURL(/seed=3$/);
  });

  it("goes on from the visitor's strokes, which stay as they are", async () => {
    await open("#together?category=face");
    const { x, y, width } = (await page.locator(".pad").boundingBox()) ?? { x: 0, y: 0, width: 0 };
    const at = (angle: number) => [0.5 + 0.35 * Math.cos(angle), 0.5 + 0.35 * Math.sin(angle)] as const;
    const move = ([right, down]: readonly [number, number]) =>
      page.mouse.move(x + right * width, y + down * width);
    await move(at(0));
    await page.mouse.down();
    for (let i = 1; i <= 24; i++) await move(at((i / 24) * 2 * Math.PI));
    await page.mouse.up();
    await drawn(4);
    const [mine] = await savedSketches();
    expect(mine.strokes).toHaveLength(1);
    // And with keys: a line down from the middle.
    await page.locator(".pad").focus();
    for (const key of ["Space", "ArrowDown", "ArrowDown", "Space"]) await page.keyboard.press(key);
    await drawn(4);
    const [more] = await savedSketches();
    expect(more.strokes).toEqual([mine.strokes[0], { x: [128, 128], y: [128, 144] }]);
    await button("Undo").click();
    await drawn(4);
    await page.getByRole("button", { name: "Take this one" }).first().click();
    await drawn(4);
    const [taken] = await savedSketches();
    expect(taken.strokes.length).toBeGreaterThan(1);
    expect(taken.strokes[0]).toEqual(mine.strokes[0]);
    // Another view and back: it is all still there.
    await page.getByRole("link", { name: "Draw", exact: true }).click();
    await drawn(6);
    await page.getByRole("link", { name: "Draw with me" }).click();
    await drawn(4);
    expect((await savedSketches())[0]).toEqual(taken);
    // Everything is in the link.
    const again = await context.newPage();
    await again.goto(page.url());
    await again
      .locator(".pad .pen path")
      .nth(taken.strokes.length - 1)
      // A line straight down is no width, which counts as hidden.
      .waitFor({ state: "attached" });
    await button("Undo").click();
    await drawn(4);
    expect((await savedSketches())[0].strokes).toHaveLength(taken.strokes.length - 1);
  });

  it("varies a drawing, and leads from one to another", async () => {
    await open("#draw?category=sailboat&count=2&seed=1");
    await drawn(2);
    await button("sailboat, 1 of 2").click();
    await button("Vary it").click();
    await drawn(9);
    expect(await savedSketches()).toHaveLength(9);
    await open("#between?from=apple,1,0&to=face,2,0&count=3");
    await drawn(3);
    expect((await savedSketches()).map(({ word }) => word)).toEqual(["apple", "face", "face"]);
  });

  it("finds categories by Turkish names, without a mouse, and speaks Turkish for good", async () => {
    await open("#draw?category=snail&count=1&seed=3");
    await drawn(1);
    const category = page.getByRole("combobox");
    await category.press("ArrowDown");
    await category.fill("kedi");
    await category.press("Enter");
    expect(await category.inputValue()).toBe("cat");
    expect(page.url()).toContain("category=cat");
    await button("Türkçe").click();
    expect(await category.inputValue()).toBe("kedi");
    await page.reload();
    await drawn(1);
    expect(await page.getAttribute("html", "lang")).toBe("tr");
    expect(await page.title()).toContain("bir makinenin");
  });

  it.each([320, 360])("fits on a phone of %i pixels, in any view and both languages", async (width) => {
    await page.setViewportSize({ width, height: 640 });
    await open("", "?device=wasm");
    for (const language of ["English", "Türkçe"]) {
      await button(language).click();
      for (const link of await page.locator("nav a").all()) {
        await link.click();
        const view = await link.textContent();
        expect(await page.evaluate("document.documentElement.scrollWidth"), `${view}`).toBe(width);
        // Nor is anything cut off at an edge.
        expect(await page.evaluate(CUT), `${view}`).toEqual([]);
      }
    }
  });

  it("has edges where the reader's own colours take its own", async () => {
    await page.emulateMedia({ forcedColors: "active" });
    await open("#draw?count=1", "?device=wasm");
    await drawn(1);
    for (const part of [".card", ".main", ".stepper"])
      expect(await styleOf(part, "borderTopWidth"), part).toBe("1px");
    expect(await styleOf(".pen path", "stroke")).not.toBe(await styleOf("body", "backgroundColor"));
  });

  it("says that it needs JavaScript where there is none", () => {
    const [, said = ""] =
      /<noscript>(.*)<\/noscript>/s.exec(readFileSync(join(folder, "index.html"), "utf8")) ?? [];
    expect(said).toContain("it needs JavaScript");
    expect(said).toContain("JavaScript gerekir");
  });

  it("computes with WebAssembly where it is told to, and where there is no WebGPU", async () => {
    await open("#draw?count=1", "?device=wasm");
    await drawn(1);
    expect(await status().textContent()).toContain("WebAssembly, one thread");
    await open("#draw?count=2", "?device=webgpu");
    await drawn(2);
    expect(await status().textContent()).toContain("WebAssembly");
  });

  it("computes only the last of many wishes, and stops when told to", async () => {
    await open("#draw?category=snail&count=1&seed=3", "?device=wasm");
    await drawn(1);
    for (let i = 0; i < 8; i++) await button("Others").click();
    await drawn(1);
    expect(page.url()).toContain("seed=11");
    // None of those before was drawn to its end.
    const [last] = await savedSketches();
    const [expected] = await collect(sample(await loadModel(), { category: "snail", count: 1, seed: 11 }));
    expect(pointCounts(last)).toEqual(pointCounts(expected));
    await open("#draw?category=snail&count=16&seed=4");
    await button("Stop").click();
    await status()
      .filter({ hasText: /^Ready/ })
      .waitFor();
    await button("Others").click();
    await button("Stop").waitFor();
  });

  it("keeps links to what its controls can say", async () => {
    await open("#draw?category=snail&count=1&seed=3&steps=1000&guidance=9&sampler=heun", "?device=wasm");
    await drawn(1);
    expect(page.url()).toMatch(/seed=3&sampler=heun$/);
    const many = "AAAA".repeat(30_000);
    await open(`#together?category=face&seed=1&strokes=${many}`, "?device=wasm");
    await status().filter({ hasText: "The link holds more strokes than this page takes" }).waitFor();
    expect(await page.locator(".pad .pen path").count()).toBe(0);
  });

  it("says in Turkish what the library says in English", async () => {
    // More strokes, of two points each, than the model has points.
    const strokes = Array.from({ length: 60 }, () => "BQBQWNWN").join(".");
    await open(`#together?category=face&seed=1&strokes=${strokes}`, "?device=wasm");
    await status().filter({ hasText: "more points than this model takes" }).waitFor();
    await button("Türkçe").click();
    await status().filter({ hasText: "Çizgilerde bu modelin alabileceğinden çok nokta var" }).waitFor();
  });

  it("draws on the pad with one pointer at a time, and lifts the pen where the keys leave", async () => {
    await open("#together?category=face", "?device=wasm");
    const pad = page.locator(".pad");
    await pad.focus();
    for (const key of ["Space", "ArrowDown", "ArrowRight", "Tab"]) await page.keyboard.press(key);
    const { x, y, width } = (await pad.boundingBox()) ?? { x: 0, y: 0, width: 0 };
    await page.mouse.move(x + 0.2 * width, y + 0.2 * width);
    await page.mouse.move(x + 0.8 * width, y + 0.3 * width);
    await drawn(4);
    expect((await savedSketches()).map(({ strokes }) => strokes)).toEqual([
      [{ x: [128, 128, 136], y: [128, 136, 136] }],
    ]);
    const touch = (type: string, id: number, right: number, down: number) =>
      pad.dispatchEvent(type, {
        pointerId: id,
        pointerType: "touch",
        button: 0,
        clientX: x + right * width,
        clientY: y + down * width,
        bubbles: true,
      });
    await page.evaluate("Element.prototype.setPointerCapture = () => {}");
    await touch("pointerdown", 7, 0.25, 0.25);
    await touch("pointerdown", 8, 0.9, 0.9);
    await touch("pointermove", 8, 0.95, 0.9);
    await touch("pointermove", 7, 0.5, 0.25);
    await touch("pointerup", 8, 0.95, 0.9);
    await touch("pointerup", 7, 0.5, 0.25);
    await drawn(4);
    const [both] = await savedSketches();
    expect(both.strokes[1]).toEqual({ x: [64, 128], y: [64, 64] });
  });

  it("draws where the browser keeps nothing and gives no clipboard", async () => {
    await page.addInitScript({
      content: `
        Object.defineProperty(globalThis, "localStorage", {
          get() { throw new DOMException("denied", "SecurityError"); },
        });
        Object.defineProperty(navigator, "clipboard", {
          value: { writeText: () => Promise.reject(new DOMException("denied", "NotAllowedError")) },
        });`,
    });
    await open("#draw?category=snail&count=1&seed=3", "?device=wasm");
    await drawn(1);
    await button("Türkçe").click();
    expect(await page.title()).toContain("bir makinenin");
    let told = "";
    page.once("dialog", (dialog) => {
      told = dialog.defaultValue();
      return dialog.dismiss();
    });
    await page.getByRole("button", { name: "Bağlantı" }).click();
    expect(told).toBe(page.url());
  });

  it("says that the model could not be downloaded, and tries again", async () => {
    server.refuse = /safetensors$/;
    await open("#draw?count=1");
    const alert = page.getByRole("alert");
    await alert.waitFor();
    expect(await alert.textContent()).toContain("A file could not be downloaded");
    server.refuse = undefined;
    await button("Try again").click();
    await drawn(1);
  });

  it.each<[string, RegExp, (bytes: Buffer) => Buffer]>([
    [
      "a page in the place of weights",
      /safetensors$/,
      () => Buffer.from("<!doctype html><title>Sign in</title>"),
    ],
    ["WebAssembly that was cut off", /wasm$/, (bytes) => bytes.subarray(0, bytes.length / 2)],
    ["a number that is none among the weights", /safetensors$/, withNaN],
  ])("says that %s arrived damaged, and gets it anew", async (_, path, content) => {
    server.change = { path, content };
    await open("#draw?count=1", "?device=wasm");
    await page.getByRole("alert").filter({ hasText: "A file arrived damaged." }).waitFor();
    // Another visit is no better off, and keeps nothing of it.
    await page.reload();
    await page.getByRole("alert").filter({ hasText: "A file arrived damaged." }).waitFor();
    server.change = undefined;
    await button("Try again").click();
    await drawn(1);
  });

  it("throws out what its cache has of another content", async () => {
    await open("#draw?count=1", "?device=wasm");
    await drawn(1);
    await page.evaluate(`caches.open("cizgi").then(async (cache) => {
      for (const { url } of await cache.keys())
        if (/(wasm|safetensors)$/.test(url)) await cache.put(url, new Response("nonsense"));
    })`);
    await page.reload();
    await drawn(1);
  });

  it("gives a download up that hangs, and says which", async () => {
    server.hang = /safetensors$/;
    await open("#draw?count=1", "?device=wasm");
    const alert = page.getByRole("alert").filter({ hasText: "A file could not be downloaded." });
    await alert.waitFor({ timeout: 60_000 });
    expect(await alert.textContent()).toMatch(/model-\S+\.safetensors: nothing came for 20 s/);
  });

  it("says that its own script never came", async () => {
    server.refuse = /worker-.*\.js$/;
    await open("#draw?count=1", "?device=wasm");
    await page.getByRole("alert").filter({ hasText: "A file could not be downloaded." }).waitFor();
    server.refuse = undefined;
    await button("Try again").click();
    await drawn(1);
  });

  it("says that its host forbids WebAssembly", async () => {
    server.policy = "default-src 'self'";
    await open("#draw?count=1", "?device=wasm");
    await page.getByRole("alert").filter({ hasText: "The host of this page forbids WebAssembly" }).waitFor();
  });

  it("says that nothing here can compute", async () => {
    await page.route(/worker-.*\.js$/, async (route) => {
      const script = await (await route.fetch()).text();
      await route.fulfill({
        contentType: "text/javascript",
        body: `WebAssembly.instantiate = () => Promise.reject(new Error("no memory"));\n${script}`,
      });
    });
    await open("#draw?count=1", "?device=wasm");
    await page.getByRole("alert").filter({ hasText: "neither with WebGPU nor with WebAssembly" }).waitFor();
  });

  it("draws without a network after the first visit, and with more threads where it may, wherever it lies", async () => {
    await page.goto(`${server.url}/studio/index.html#draw?count=1`);
    await drawn(1);
    await page.evaluate("navigator.serviceWorker.ready");
    server.refuse = /./;
    await page.reload();
    await drawn(1);
    expect(await page.evaluate("crossOriginIsolated")).toBe(true);
  });
});

async function* one<T>(value: T): AsyncGenerator<T> {
  yield value;
}
/** In a page: what of it is cut off. */
const CUT = `[...document.querySelectorAll("nav, nav a, .card, .controls button, .controls input")]
  .filter((element) => {
    const { left, right } = element.getBoundingClientRect();
    return left < 0 || right > innerWidth || element.scrollWidth > element.clientWidth + 1;
  })
  .map(({ className, textContent }) => className + " " + textContent)`;

/** Weights one of which is no number. */
function withNaN(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  changed.fill(0xff, changed.length - 4);
  return changed;
}
const pointCounts = ({ strokes }: Sketch): number[] => strokes.map(({ x }) => x.length);
const xs = (sketches: readonly Sketch[]): number[] =>
  sketches.flatMap(({ strokes }) => strokes.flatMap(({ x }) => x));
