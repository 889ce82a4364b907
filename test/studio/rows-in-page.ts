// Built as a module that a page imports.

import { decodeModel, type WebDevice, webRuntime } from "../../src/web/index.ts";
import { deviceGraph } from "../runtime/device-graph.ts";
import { rowsOf } from "./rows.ts";

async function runtimeOf(wasmUrl: string, device: WebDevice) {
  const ort = device === "wasm" ? await import("onnxruntime-web/wasm") : await import("onnxruntime-web/jspi");
  ort.env.wasm.wasmPaths = wasmUrl;
  return webRuntime(ort, device);
}

export async function rowsInPage(modelUrl: string, wasmUrl: string, device: WebDevice): Promise<number[][]> {
  const runtime = await runtimeOf(wasmUrl, device);
  const response = await fetch(modelUrl);
  const model = decodeModel(new Uint8Array(await response.arrayBuffer()), modelUrl);
  return rowsOf(model, runtime);
}

type Values = Record<string, number[]>;

export async function deviceGraphInPage(feeds: Values, wasmUrl: string, device: WebDevice): Promise<Values> {
  const runtime = await runtimeOf(wasmUrl, device);
  const { run } = await runtime.compile(deviceGraph().outputs, new Map());
  const given = Object.entries(feeds).map(([name, values]) => [name, Float32Array.from(values)]);
  const results = await run(Object.fromEntries(given));
  return Object.fromEntries(Object.entries(results).map(([name, values]) => [name, [...values]]));
}
