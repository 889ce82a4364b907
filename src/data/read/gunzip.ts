import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { messageOf, UserError } from "../../base/errors.ts";
import { firstBytes } from "./ahead.ts";

/** RFC 1952, 2.3.1. */
const MAGIC = [0x1f, 0x8b];

/**
 * The same bytes, unpacked if they are gzip, whatever the file's name.
 * @param name the file's name, for errors.
 * @throws UserError when the gzip data is damaged or cut off.
 */
export async function* gunzipped(bytes: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const { head, whole } = await firstBytes(bytes, MAGIC.length);
  try {
    yield* MAGIC.every((byte, i) => head[i] === byte) ? gunzip(whole, name) : whole;
  } finally {
    await whole.return?.();
  }
}

async function* gunzip(packed: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  // pipeline hands errors and an early end on, in both directions; they arrive here through the iteration.
  const unpacked = pipeline(Readable.from(packed), createGunzip(), () => {});
  try {
    yield* unpacked;
  } catch (error) {
    if (error instanceof Error && "code" in error && String(error.code).startsWith("Z_"))
      throw new UserError(
        `${name}: its gzip data is damaged or cut off (${messageOf(error)}); download it again.`,
      );
    throw error;
  }
}
