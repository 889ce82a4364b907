import { messageOf, UserError } from "../base/errors.ts";
import { LEAST_ROWS, type Runtime } from "./runtime.ts";
import { type Ort, openProgram, sessionOptions } from "./session.ts";

/** ONNX Runtime's execution providers in a browser. */
export type WebDevice = "webgpu" | "wasm";

/** Thrown where a device of the browser cannot be had: another one may. */
export class DeviceError extends UserError {}

/** Rows of one run: few enough for the memory of a tab. */
const MOST_ROWS = 64;

/**
 * Computes in a browser.
 * @param ort `onnxruntime-web`, or `onnxruntime-web/wasm` where the processor alone is wanted; how it finds its own files
 * and how many threads it takes is set there (`ort.env.wasm`).
 */
export function webRuntime(ort: Ort, device: WebDevice): Runtime {
  const inTurn = turns();
  const compile: Runtime["compile"] = async (outputs, initializers) => {
    const program = await inTurn(() =>
      openProgram(ort, outputs, initializers, sessionOptions(device), (error) => failure(device, error)),
    );
    return {
      run: (feeds) =>
        inTurn(async () => {
          const outputs = await program.run(feeds);
          await messages();
          return outputs;
        }),
      dispose: () => inTurn(program.dispose),
    };
  };
  return {
    compile,
    async compileRows(outputsOf, atLeast, initializers) {
      const rows = Math.max(LEAST_ROWS, atLeast);
      return { ...(await compile(outputsOf(rows), initializers)), rows };
    },
    mostRows: MOST_ROWS,
  };
}

/**
 * Lets the messages in that have come meanwhile: a chain of promises alone would keep a worker from hearing that what it
 * computes is no longer wanted.
 */
const messages = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(undefined);
  });

/** What is done one after the other: with WebGPU, ONNX Runtime refuses a session while it is busy with another. */
function turns(): <T>(what: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (what) => {
    const next = last.then(what);
    last = next.catch(() => undefined);
    return next;
  };
}

const failure = (device: WebDevice, error: unknown): DeviceError =>
  new DeviceError(
    `device "${device}" cannot be used in this browser: ${messageOf(error).trim()}.${device === "webgpu" ? ' Use "wasm".' : ""}`,
    { cause: error },
  );
