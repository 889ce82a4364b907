import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { defaultClientConditions, defineConfig, type Plugin } from "vite";
import { licences } from "./licences.ts";
import { modelOf } from "./model.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** With these a page is cross-origin isolated: WASM may then use threads. */
const headers = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** Tells the service worker which files the page consists of. */
const listFiles: Plugin = {
  name: "list-files",
  generateBundle(_, bundle) {
    const files = Object.keys(bundle).filter((name) => name !== "service-worker.js");
    const worker = bundle["service-worker.js"];
    if (worker?.type === "chunk")
      worker.code = worker.code.replaceAll("__FILES__", JSON.stringify(["./", ...files]));
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
/** The one that ships, unless another is named. */
const model = modelOf(resolve(process.env.CIZGI_STUDIO_MODEL ?? here("../models/quickdraw")));

export default defineConfig({
  root: here("."),
  base: "./",
  resolve: {
    alias: { "cizgi/web": here("../src/web/index.ts") },
    // ONNX Runtime's WASM as files of their own, which the engine downloads: with progress, and into the cache.
    conditions: ["onnxruntime-web-use-extern-wasm", ...defaultClientConditions],
  },
  worker: { format: "es", plugins: () => [collect, model] },
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
  plugins: [model, listFiles, preloadFonts, write],
  server: { host: "127.0.0.1", headers },
  preview: { host: "127.0.0.1", headers },
});
