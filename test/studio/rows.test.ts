import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadModel, SHIPPED_MODEL, saveModel } from "../../src/node/model.ts";
import { nodeRuntime } from "../../src/runtime/node.ts";
import type { WebDevice } from "../../src/runtime/web.ts";
import { untrained } from "../sampling/tiny-model.ts";
import { CHROMIUM, openBrowser, SOFTWARE_WEBGPU } from "./browser.ts";
import { rowsOf } from "./rows.ts";
import { type StaticServer, serve } from "./server.ts";

describe.skipIf(CHROMIUM === undefined)("the library in a browser", () => {
  const folder = mkdtempSync(join(tmpdir(), "cizgi-rows-"));
  const tiny = join(folder, "tiny");
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
    await saveModel(tiny, untrained());
    const ort = dirname(fileURLToPath(import.meta.resolve("onnxruntime-web/ort-wasm-simd-threaded.wasm")));
    server = await serve({ page: folder, ort, shipped: SHIPPED_MODEL });
    browser = await openBrowser(SOFTWARE_WEBGPU);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(folder, { recursive: true });
  });

  it.each<[string, WebDevice, string, string]>([
    ["WebAssembly", "wasm", SHIPPED_MODEL, "shipped"],
    // In software: a small network.
    ["WebGPU", "webgpu", tiny, "tiny"],
  ])(
    "computes with %s what Node computes, to a thousandth, before anything is made strokes of",
    async (_, device, model, served) => {
      const page = await browser.newPage();
      const { url } = server;
      await page.goto(`${url}/ort/ort-wasm-simd-threaded.mjs`);
      // As text, since Vitest writes imports in functions anew.
      const inPage = await page.evaluate<number[][]>(
        `import("${url}/rows.js").then((page) => page.rowsInPage("${url}/${served}/model.safetensors", "${url}/ort/", "${device}"))`,
      );
      const inNode = await rowsOf(await loadModel(model), nodeRuntime());
      expect(inPage.map((row) => row.length)).toEqual(inNode.map((row) => row.length));
      const differences = inPage.flatMap((row, i) => row.map((value, j) => Math.abs(value - inNode[i][j])));
      expect(Math.max(...differences)).toBeLessThan(1e-3);
    },
  );
});
