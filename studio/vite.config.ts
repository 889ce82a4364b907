import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { defaultClientConditions, defineConfig, type Plugin } from "vite";
import { familyPages } from "./family-pages.ts";
import { fetchedFiles } from "./fetched-files.ts";
import { licences } from "./licences.ts";
import { modelsOf } from "./model.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** With these a page is cross-origin isolated: WASM may then use threads. */
const headers = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** Tells the service worker which files the page consists of, and the hashes of what they are when all is written. */
const listFiles: Plugin = {
  name: "list-files",
  writeBundle({ dir = "" }, bundle) {
    const own = "service-worker.js";
    const files = Object.keys(bundle)
      .filter((name) => name !== own)
      .map((name) => {
        const hash = createHash("sha256").update(readFileSync(join(dir, name)));
        return [name, `sha256-${hash.digest("base64")}`];
      });
    const worker = join(dir, own);
    const code = readFileSync(worker, "utf8");
    writeFileSync(worker, code.replaceAll("__FILES__", JSON.stringify(Object.fromEntries(files))));
  },
};

/** The letters come with the page, before the styles ask for them: no text jumps. */
const preloadFonts: Plugin = {
  name: "preload-fonts",
  transformIndexHtml: {
    order: "post",
    handler: (_, { bundle = {} }) =>
      Object.keys(bundle)
        .filter((name) => name.endsWith(".ttf"))
        .map((name) => ({
          tag: "link",
          attrs: { rel: "preload", as: "font", type: "font/ttf", crossorigin: "", href: `./${name}` },
        })),
  },
};

const { collect, write } = licences(here("."));
/** Those that ship, unless others are named. */
const model = modelsOf(
  resolve(process.env.CIZGI_STUDIO_MODEL ?? here("../models/quickdraw")),
  resolve(process.env.CIZGI_STUDIO_FAMILIES ?? here("../models/ten")),
);

export default defineConfig({
  root: here("."),
  base: "./",
  resolve: {
    alias: { "cizgi/web": here("../src/web/index.ts") },
    // ONNX Runtime's WASM as files of their own, which the engine downloads: with progress, and into the cache.
    conditions: ["onnxruntime-web-use-extern-wasm", ...defaultClientConditions],
  },
  worker: { format: "es", plugins: () => [collect, fetchedFiles(), model] },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      input: { page: here("index.html"), "service-worker": here("src/service-worker.ts") },
      output: {
        entryFileNames: ({ name }) => (name === "service-worker" ? "[name].js" : "assets/[name]-[hash].js"),
      },
    },
  },
  plugins: [
    fetchedFiles(),
    model,
    familyPages(here("../docs/families"), here("family-pages.css")),
    listFiles,
    preloadFonts,
    write,
  ],
  server: { host: "127.0.0.1", headers },
  preview: { host: "127.0.0.1", headers },
});
