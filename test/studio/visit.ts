import { readFileSync } from "node:fs";
import type { Locator } from "playwright-core";
import { test as base, expect, inject } from "vitest";
import { collect } from "../../src/base/collect.ts";
import { readNdjson } from "../../src/data/read/ndjson.ts";
import type { GeneratedSketch } from "../../src/families/request.ts";
import type { Sketch } from "../../src/sketch/sketch.ts";
import { CHROMIUM, openBrowser } from "./browser.ts";
import { serve } from "./server.ts";

/** What the engine tells the page, kept where a test finds it. */
const LISTEN = `
  globalThis.told = [];
  globalThis.Worker = class extends Worker {
    constructor(...args) {
      super(...args);
      this.addEventListener("message", ({ data }) => told.push(data));
    }
  };`;

async function* one<T>(value: T): AsyncGenerator<T> {
  yield value;
}

/** Tests that visit a build of the studio, each a new host with a new browser profile. */
export const visiting = (build: "released" | "tiny" | "other") =>
  base
    .extend("folder", { scope: "file" }, () => inject("studio")[build].folder)
    // biome-ignore lint/correctness/noEmptyPattern: Vitest reads in it what the fixture needs.
    .extend("browser", { scope: "file" }, async ({}, { onCleanup }) => {
      // Tiny models draw sooner than their WebAssembly is optimised.
      const hurried = build === "released" ? [] : ["--js-flags=--liftoff-only"];
      const browser = await openBrowser(["--disable-gpu", ...hurried]);
      onCleanup(() => browser.close());
      return browser;
    })
    .extend("server", async ({ folder }, { onCleanup }) => {
      const server = await serve({ studio: folder });
      onCleanup(() => server.stop());
      return server;
    })
    .extend("page", async ({ browser }, { onCleanup }) => {
      const context = await browser.newContext({ locale: "en-GB", reducedMotion: "reduce" });
      onCleanup(() => context.close());
      const page = await context.newPage();
      // Where others compute too, everything takes its time.
      page.setDefaultTimeout(100_000);
      return page;
    })
    .extend(
      "open",
      ({ page, server }) =>
        (hash = "", search = "") =>
          page.goto(`${server.url}/${search}${hash}`),
    )
    .extend("status", ({ page }): Locator => page.locator(".status"))
    .extend(
      "drawn",
      ({ status }) =>
        (count: number) =>
          status.filter({ hasText: new RegExp(`^${count} (drawings? in|çizim)`) }).waitFor(),
    )
    .extend(
      "button",
      ({ page }) =>
        (name: string) =>
          page.getByRole("button", { name, exact: true }),
    )
    .extend("saved", ({ page, button }) => async (format: string): Promise<Buffer> => {
      const download = page.waitForEvent("download");
      await button(format).click();
      const file = await download;
      expect(file.suggestedFilename()).toMatch(new RegExp(`^[a-z]+-\\d+\\.${format.toLowerCase()}$`));
      return readFileSync(await file.path());
    })
    .extend("savedSketches", ({ saved }) => async (): Promise<Sketch[]> => {
      const bytes = await saved("ndjson");
      return (await collect(readNdjson(one(bytes), "saved"))).map(({ sketch }) => sketch);
    })
    .extend("finals", async ({ page }) => {
      await page.addInitScript({ content: LISTEN });
      return () =>
        page.evaluate<GeneratedSketch[]>(
          `told.filter(({ type }) => type === "drawn").slice(-8).map(({ sketch }) => sketch)`,
        );
    })
    .skipIf(CHROMIUM === undefined);
