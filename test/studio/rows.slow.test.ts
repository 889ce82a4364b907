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
import { untrained } from "../families/tiny-model.ts";
import { expectClose, feedsFor, onnxFeeds } from "../graph/check.ts";
import { deviceFeeds, deviceGraph, toleranceOf } from "../runtime/device-graph.ts";
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

  /** What a call of rows-in-page.ts gives in a page; `$` stands for the server's address. */
  async function inPage<Result>(call: string): Promise<Result> {
    const page = await browser.newPage();
    const { url } = server;
    await page.goto(`${url}/ort/ort-wasm-simd-threaded.mjs`);
    // As text, since Vitest writes imports in functions anew.
    const result = await page.evaluate<Result>(
      `import("${url}/rows.js").then((page) => page.${call.replaceAll("$", url)})`,
    );
    // Pages of one site share a process, and its memory.
    await page.close();
    return result;
  }

  it.each<[string, WebDevice, string, string]>([
    ["WebAssembly", "wasm", SHIPPED_MODEL, "shipped"],
    // In software: a small network.
    ["WebGPU", "webgpu", tiny, "tiny"],
  ])(
    "computes with %s what Node computes, to a thousandth, before anything is made strokes of",
    async (_, device, model, served) => {
      const rows = await inPage<number[][]>(
        `rowsInPage("$/${served}/model.safetensors", "$/ort/", "${device}")`,
      );
      const inNode = await rowsOf(await loadModel(model), nodeRuntime());
      expect(rows.map((row) => row.length)).toEqual(inNode.map((row) => row.length));
      const differences = rows.flatMap((row, i) => row.map((value, j) => Math.abs(value - inNode[i][j])));
      expect(Math.max(...differences)).toBeLessThan(1e-3);
    },
  );

  it("computes operations and recurrent layers with WebGPU as Node does, gradients too", async () => {
    const { inputs, outputs } = deviceGraph();
    const feeds = feedsFor(inputs, deviceFeeds);
    const given = Object.fromEntries(
      Object.entries(feeds).map(([name, values]) => [name, Array.from(values)]),
    );
    const found = await inPage<Record<string, number[]>>(
      `deviceGraphInPage(${JSON.stringify(given)}, "$/ort/", "webgpu")`,
    );
    const program = await nodeRuntime().compile(outputs, new Map());
    const expected = await program.run(onnxFeeds(inputs, feeds));
    await program.dispose();
    for (const [name, values] of Object.entries(expected))
      expectClose(found[name], values, toleranceOf(name), name);
  });
});
