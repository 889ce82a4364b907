import { messageOf, UserError } from "../base/errors.ts";
import { LEAST_ROWS, type Runtime } from "./runtime.ts";
import { type Ort, openProgram, sessionOptions } from "./session.ts";

/** ONNX Runtime's execution providers in a browser. */
export type WebDevice = "webgpu" | "wasm";

/** Rows of one run: few enough for the memory of a tab. */
const MOST_ROWS = 64;

/**
 * Computes in a browser.
 * @param ort `onnxruntime-web`, or `onnxruntime-web/wasm` where the processor alone is wanted; how it finds its own files
 * and how many threads it takes is set there (`ort.env.wasm`).
 */
export function webRuntime(ort: Ort, device: WebDevice): Runtime {
  const compile: Runtime["compile"] = (outputs, initializers) =>
    openProgram(ort, outputs, initializers, sessionOptions(device), (error) => failure(device, error));
  return {
    compile,
    async compileRows(outputsOf, atLeast, initializers) {
      const rows = Math.max(LEAST_ROWS, atLeast);
      return { ...(await compile(outputsOf(rows), initializers)), rows };
    },
    mostRows: MOST_ROWS,
  };
}

const failure = (device: WebDevice, error: unknown): UserError =>
  new UserError(
    `device "${device}" cannot be used in this browser: ${messageOf(error).trim()}.${device === "webgpu" ? ' Use "wasm".' : ""}`,
    { cause: error },
  );
