import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadModel, SHIPPED_MODEL } from "../../src/node/model.ts";
import { nodeRuntime } from "../../src/runtime/node.ts";
import { CHROMIUM, openBrowser } from "./browser.ts";
import { rowsOf } from "./rows.ts";
import { type StaticServer, serve } from "./server.ts";

describe.skipIf(CHROMIUM === undefined)("the library in a browser", () => {
  const folder = mkdtempSync(join(tmpdir(), "cizgi-rows-"));
  let server: StaticServer;
  let browser: Browser;

  beforeAll(async () => {
    await build({
      configFile: false,
      logLevel: "error",
      resolve: { conditions: ["onnxruntime-web-use-extern-wasm", "module", "browser"] },
      build: {
        outDir: folder,
        lib: {
          entry: fileURLToPath(new URL("rows-in-page.ts", import.meta.url)),
          formats: ["es"],
          fileName: "rows",
        },
      },
    });
    const ort = dirname(fileURLToPath(import.meta.resolve("onnxruntime-web/ort-wasm-simd-threaded.wasm")));
    server = await serve({ page: folder, ort, model: SHIPPED_MODEL });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(folder, { recursive: true });
  });

  it("computes what Node computes, to a thousandth, before anything is made strokes of", async () => {
    const page = await browser.newPage();
    await page.goto(`${server.url}/ort/ort-wasm-simd-threaded.mjs`);
    const { url } = server;
    // As text, since Vitest writes imports in functions anew.
    const inPage = await page.evaluate<number[][]>(
      `import("${url}/rows.js").then((page) => page.rowsInPage("${url}/model/model.safetensors", "${url}/ort/"))`,
    );
    const inNode = await rowsOf(await loadModel(), nodeRuntime());
    expect(inPage.map((row) => row.length)).toEqual(inNode.map((row) => row.length));
    const differences = inPage.flatMap((row, i) => row.map((value, j) => Math.abs(value - inNode[i][j])));
    expect(Math.max(...differences)).toBeLessThan(1e-3);
  });
});
