// Built as a module that a page imports.

import { decodeModel, type WebDevice, webRuntime } from "../../src/web/index.ts";
import { rowsOf } from "./rows.ts";

export async function rowsInPage(modelUrl: string, wasmUrl: string, device: WebDevice): Promise<number[][]> {
  const ort = device === "wasm" ? await import("onnxruntime-web/wasm") : await import("onnxruntime-web/jspi");
  ort.env.wasm.wasmPaths = wasmUrl;
  const response = await fetch(modelUrl);
  const model = decodeModel(new Uint8Array(await response.arrayBuffer()), modelUrl);
  return rowsOf(model, webRuntime(ort, device));
}
