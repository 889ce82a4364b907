// Built as a module that a page imports.

import * as ort from "onnxruntime-web/wasm";
import { decodeModel, webRuntime } from "../../src/web/index.ts";
import { rowsOf } from "./rows.ts";

export async function rowsInPage(modelUrl: string, wasmUrl: string): Promise<number[][]> {
  ort.env.wasm.wasmPaths = wasmUrl;
  const response = await fetch(modelUrl);
  const model = decodeModel(new Uint8Array(await response.arrayBuffer()), modelUrl);
  return rowsOf(model, webRuntime(ort, "wasm"));
}
