import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { collect } from "../../src/base/collect.ts";
import { readNdjson } from "../../src/data/read/ndjson.ts";
import { drawSynthetic } from "../../src/data/synthetic.ts";
import { configure } from "../../src/families/configure.ts";
import { transformer } from "../../src/families/transformer/family.ts";
import { initialize } from "../../src/nn/parameters.ts";
import { loadModel, saveModel } from "../../src/node/model.ts";
import { sample } from "../../src/node/sample.ts";
import type { Sketch } from "../../src/sketch/sketch.ts";
import { CHROMIUM, openBrowser } from "./browser.ts";
import { serve } from "./server.ts";

const root = mkdtempSync(join(tmpdir(), "cizgi-studio-"));
afterAll(() => rmSync(root, { recursive: true }));

const xs = (sketches: readonly Sketch[]) => sketches.flatMap(({ strokes }) => strokes.flatMap(({ x }) => x));

describe.skipIf(CHROMIUM === undefined)("the studio with another model", () => {
  it("draws what that one has learnt, of whatever family, as Node draws it", async () => {
    const categories = ["bus", "cat"];
    const run = configure("quick", {
      family: "transformer",
      categories,
      width: 32,
      blocks: 2,
      samplingSteps: 4,
    });
    const drawings = categories.map((category) => ({
      category,
      sketches: Array.from({ length: 20 }, (_, i) => drawSynthetic(category, 1, i)),
    }));
    const { config } = transformer.training(run, drawings).model([new Float32Array()]);
    await saveModel(join(root, "model"), { config, weights: initialize(transformer.parameters(config), 5) });

    const folder = join(root, "page");
    const vite = ["node_modules/vite/bin/vite.js", "build", "studio", "--outDir", folder];
    const env = { ...process.env, NODE_ENV: "production", CIZGI_STUDIO_MODEL: join(root, "model") };
    execFileSync(process.execPath, vite, { env, stdio: "pipe" });
    const server = await serve({ studio: folder });
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ locale: "en-GB", reducedMotion: "reduce" });
      await page.goto(`${server.url}/`);
      // The snail that the page begins with elsewhere was never learnt here.
      const field = page.getByRole("combobox");
      await page
        .locator(".status")
        .filter({ hasText: /^6 drawings in/ })
        .waitFor();
      expect(await field.inputValue()).toBe("bus");
      await page.goto(`${server.url}/#draw?category=cat&count=3&seed=2`);
      await page
        .locator(".status")
        .filter({ hasText: /^3 drawings in/ })
        .waitFor();
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: "ndjson", exact: true }).click();
      const bytes = readFileSync(await (await download).path());
      async function* once() {
        yield bytes;
      }
      const here = (await collect(readNdjson(once(), "saved"))).map(({ sketch }) => sketch);
      const request = { category: "cat", count: 3, seed: 2 };
      const there = await collect(sample(await loadModel(join(root, "model")), request));
      expect(here.map(({ strokes }) => strokes.length)).toEqual(there.map(({ strokes }) => strokes.length));
      const [mine, theirs] = [xs(here), xs(there)];
      expect(mine).toHaveLength(theirs.length);
      // ndjson has hundredths of a pixel.
      expect(Math.max(...theirs.map((x, i) => Math.abs(x - (mine[i] ?? Number.NaN))))).toBeLessThan(0.1);
    } finally {
      await browser.close();
      await server.stop();
    }
  });
});
