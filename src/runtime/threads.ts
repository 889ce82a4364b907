import { once } from "node:events";
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

/** What a thread answers to `message`; meanwhile it keeps the process alive. Rejects when the thread fails. */
export async function nextMessage<Answer>(thread: Worker, message: unknown): Promise<Answer> {
  thread.ref();
  const answer = once(thread, "message");
  thread.postMessage(message);
  const [value] = await answer;
  thread.unref();
  return value;
}
