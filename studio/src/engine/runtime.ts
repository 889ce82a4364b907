import { type WebDevice, webRuntime } from "cizgi/web";
import webgpuGlue from "onnxruntime-web/ort-wasm-simd-threaded.jspi.mjs?url";
import webgpuBinary from "onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url";
import wasmGlue from "onnxruntime-web/ort-wasm-simd-threaded.mjs?url";
import wasmBinary from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import { download } from "./download.ts";

/** More threads than this wait for each other longer than they compute. */
const MOST_THREADS = 4;

const files = {
  wasm: { glue: wasmGlue, binary: wasmBinary },
  webgpu: { glue: webgpuGlue, binary: webgpuBinary },
};

/** Threads that WASM may use here. */
const threadsHere = (): number =>
  crossOriginIsolated ? Math.min(MOST_THREADS, navigator.hardwareConcurrency) : 1;

/** The graphics processor, where there is one that WASM can wait for; a software one would be slower than WASM. */
export async function bestDevice(): Promise<WebDevice> {
  if (!("Suspending" in WebAssembly)) return "wasm";
  const adapter = await navigator.gpu?.requestAdapter().catch(() => null);
  return adapter && !adapter.info.isFallbackAdapter ? "webgpu" : "wasm";
}

/** Downloads ONNX Runtime for a device. */
export async function openRuntime(device: WebDevice, onProgress: (received: number, total: number) => void) {
  const { glue, binary } = files[device];
  const [ort, wasm] = await Promise.all([
    device === "wasm" ? import("onnxruntime-web/wasm") : import("onnxruntime-web/jspi"),
    download(binary, onProgress),
  ]);
  const threads = device === "wasm" ? threadsHere() : 1;
  ort.env.wasm.wasmBinary = wasm;
  ort.env.wasm.wasmPaths = { mjs: new URL(glue, import.meta.url).href };
  ort.env.wasm.numThreads = threads;
  return { runtime: webRuntime(ort, device), threads };
}
