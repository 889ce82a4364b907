import { type WebDevice, webRuntime } from "cizgi/web";
import webgpuGlue from "onnxruntime-web/ort-wasm-simd-threaded.jspi.mjs?url";
import * as webgpuBinary from "onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?fetched";
import wasmGlue from "onnxruntime-web/ort-wasm-simd-threaded.mjs?url";
import * as wasmBinary from "onnxruntime-web/ort-wasm-simd-threaded.wasm?fetched";

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

/** What the host of the page does not allow. */
export class ForbiddenError extends Error {}

/** The shortest module that there is. */
const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** Throws a ForbiddenError where the page's Content-Security-Policy lets no WebAssembly be compiled. */
function requireWebAssembly(): void {
  try {
    new WebAssembly.Module(EMPTY_MODULE);
  } catch (error) {
    throw new ForbiddenError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** ONNX Runtime's WebAssembly for a device. */
export const binaryOf = (device: WebDevice): FetchedFile => files[device].binary;

/** Opens ONNX Runtime for a device with its WebAssembly. */
export async function openRuntime(device: WebDevice, binary: Promise<ArrayBuffer>) {
  requireWebAssembly();
  const { glue } = files[device];
  const [ort, wasm] = await Promise.all([
    device === "wasm" ? import("onnxruntime-web/wasm") : import("onnxruntime-web/jspi"),
    binary,
  ]);
  const threads = device === "wasm" ? threadsHere() : 1;
  ort.env.wasm.wasmBinary = wasm;
  ort.env.wasm.wasmPaths = { mjs: new URL(glue, import.meta.url).href };
  ort.env.wasm.numThreads = threads;
  return { runtime: webRuntime(ort, device), threads };
}
