import { once } from "node:events";
import { existsSync } from "node:fs";
import type { Worker } from "node:worker_threads";

/** A vector of zeros in memory that threads share. */
export const sharedVector = (length: number): Float32Array =>
  new Float32Array(new SharedArrayBuffer(4 * length));

/** The vector itself if it lies in memory that threads share, else a copy that does. */
export function shared(values: Float32Array): Float32Array {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const copy = sharedVector(values.length);
  copy.set(values);
  return copy;
}

/** A copy of the bytes in memory that threads share. */
export function sharedBytes(bytes: Uint8Array): SharedArrayBuffer {
  const copy = new SharedArrayBuffer(bytes.length);
  new Uint8Array(copy).set(bytes);
  return copy;
}

/** What a thread answers to `message`; meanwhile it keeps the process alive. Rejects when the thread fails. */
export async function nextMessage<Answer>(thread: Worker, message: unknown): Promise<Answer> {
  thread.ref();
  const answer = once(thread, "message");
  thread.postMessage(message);
  const [value] = await answer;
  thread.unref();
  return value;
}

let warned = false;

/**
 * Whether the file of a thread lies beside `base`, the URL of the module that starts it: a bundler may have left it
 * behind. The first time that it does not, a warning says what that means.
 */
export function threadFileExists(name: string, base: string): boolean {
  const exists = existsSync(new URL(name, base));
  if (!exists && !warned) {
    warned = true;
    process.emitWarning(
      `cizgi computes on one thread: ${name} is not beside ${base}. A bundler left it behind; keep cizgi external to the bundle.`,
    );
  }
  return exists;
}
