import type { ReadDrawing } from "../../../src/data/read/drawing.ts";

/** The bytes as a stream of one chunk, or of chunks of `size`. */
export async function* stream(bytes: Uint8Array | string, size = Infinity): AsyncGenerator<Uint8Array> {
  const all = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
  for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
}

/** Everything a reader yields. */
export async function collect(drawings: AsyncIterable<ReadDrawing>): Promise<ReadDrawing[]> {
  const all: ReadDrawing[] = [];
  for await (const drawing of drawings) all.push(drawing);
  return all;
}
