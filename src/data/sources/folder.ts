import { readdir, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { UserError } from "../../base/errors.ts";
import { fileFailure } from "../../files/failure.ts";
import { plainName, requireCategory } from "../catalogue.ts";
import { readNdjson } from "../read/ndjson.ts";
import { readNpz } from "../read/npz.ts";
import { fileBytes, readWith, type Source } from "./reading.ts";

const READERS: Readonly<Record<string, typeof readNdjson>> = { ".ndjson": readNdjson, ".npz": readNpz };

const isReadable = (path: string): boolean =>
  Object.hasOwn(READERS, extname(path)) && !basename(path).startsWith(".");

/**
 * The drawings of a folder of `<word>.ndjson` (simplified or raw) and `<word>.npz` files, or of one such file.
 * @throws UserError when there is nothing of the kind.
 */
export async function folderSource(path: string): Promise<Source> {
  // Of two files of one word the later entry counts: ndjson before npz.
  const paths = (await readablePaths(path)).sort().reverse();
  const files = Object.fromEntries(paths.map((file) => [plainName(basename(file, extname(file))), file]));
  const words = Object.keys(files).sort();
  return {
    kind: "folder",
    description: path,
    categories: async () => words,
    async *drawings(category, options = {}) {
      const file = files[requireCategory(category, words, path)];
      yield* readWith(READERS[extname(file)], file, (progress) => fileBytes(file, progress), options);
    },
  };
}

async function readablePaths(path: string): Promise<string[]> {
  try {
    if ((await stat(path)).isFile()) {
      if (isReadable(path)) return [path];
      throw new UserError(`${path}: expected a folder, an .ndjson file or an .npz file`);
    }
    const names = (await readdir(path)).filter(isReadable);
    if (names.length > 0) return names.map((name) => join(path, name));
    throw new UserError(`${path} has no drawings: expected files such as cat.ndjson in it`);
  } catch (error) {
    throw fileFailure("read drawings from", path, error);
  }
}
