import { createRequire } from "node:module";
import { runInThisContext } from "node:vm";
import { isMainThread } from "node:worker_threads";
import { messageOf, UserError } from "../base/errors.ts";

const VARIABLE = "ORT_DISABLE_TELEMETRY";

let settled: Promise<void> | undefined;

/**
 * Settles that ONNX Runtime sends no usage telemetry, unless the environment says what is wanted. It reads the
 * environment once, at the first session of the process: to be awaited before that.
 * @throws UserError where the environment cannot be changed from here.
 */
export function settleTelemetry(): Promise<void> {
  const wanted = process.env[VARIABLE];
  settled ??= setForNativeCode(wanted ?? "1").catch((error) => {
    // What the process was started with, native code sees as well.
    if (wanted !== undefined) return;
    throw new UserError(
      `ONNX Runtime's telemetry cannot be turned off from this thread (${messageOf(error)}): start the process with ${VARIABLE}=1.`,
    );
  });
  return settled;
}

/** Native code sees the environment of the process; in Bun, in Node's worker threads and in Jest, process.env is a copy. */
async function setForNativeCode(value: string): Promise<void> {
  const { bun, deno } = process.versions;
  if (bun !== undefined) setByLibc(value);
  else if (deno !== undefined) process.env[VARIABLE] ??= value;
  else {
    const assignment = `process.env.${VARIABLE} ??= ${JSON.stringify(value)}`;
    if (isMainThread) runInThisContext(assignment);
    else await evaluateInMainThread(assignment);
  }
}

function setByLibc(value: string): void {
  // On Windows, ONNX Runtime sends nothing of its own accord.
  if (process.platform === "win32") return;
  const { dlopen } = createRequire(import.meta.url)("bun:ffi");
  const libc = dlopen(process.platform === "darwin" ? "libSystem.B.dylib" : "libc.so.6", {
    setenv: { args: ["cstring", "cstring", "int"], returns: "int" },
  });
  libc.symbols.setenv(Buffer.from(`${VARIABLE}\0`), Buffer.from(`${value}\0`), 0);
  libc.close();
}

/** The inspector reaches the main thread even while that is busy or asleep. */
async function evaluateInMainThread(expression: string): Promise<void> {
  const { Session } = await import("node:inspector/promises");
  const session = new Session();
  session.connectToMainThread();
  // The answer alone would not keep this thread alive.
  const alive = setInterval(() => {}, 1000);
  try {
    await session.post("Runtime.evaluate", { expression });
  } finally {
    clearInterval(alive);
    session.disconnect();
  }
}
