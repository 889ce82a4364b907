import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { messageOf, UserError } from "../../base/errors.ts";
import { didYouMean } from "../../base/nearest.ts";

const CHUNK_BYTES = 2 ** 18;

/**
 * The bytes of a file, in chunks.
 * @throws UserError naming the path for a missing file, a folder or one that may not be read.
 */
export async function* readFileBytes(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: CHUNK_BYTES });
  } catch (error) {
    throw await explain(path, error);
  }
}

async function explain(path: string, error: unknown): Promise<UserError> {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "ENOENT": {
      const beside = await readdir(dirname(path)).catch(() => []);
      return new UserError(`${path}: there is no such file.${didYouMean(basename(path), beside)}`);
    }
    case "EISDIR":
      return new UserError(`${path} is a folder, expected a file; name one of the files in it.`);
    case "EACCES":
    case "EPERM":
      return new UserError(`${path}: no permission to read it; change its permissions or its owner.`);
    default:
      return new UserError(`${path} cannot be read: ${messageOf(error)}`);
  }
}
