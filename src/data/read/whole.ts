import { UserError } from "../../base/errors.ts";

const LARGEST_FILE = 2 ** 30;

/**
 * All bytes of a file whose directory is at its end.
 * @param name the file's name, for errors.
 * @throws UserError for one above 1 GiB.
 */
export async function wholeFile(bytes: AsyncIterable<Uint8Array>, name: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > LARGEST_FILE)
      throw new UserError(
        `${name} is larger than ${LARGEST_FILE / 2 ** 30} GiB; split it, or convert it to ndjson.`,
      );
  }
  return Buffer.concat(chunks);
}
