import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../base/errors.ts";
import { type Adapter, decodeAdapter, encodeAdapter } from "../families/adapter.ts";
import { ensureWritableFolder, writeFileAtomically } from "../files/atomic.ts";
import { fileFailure } from "../files/failure.ts";
import { fileName } from "../files/name.ts";

const ENDING = ".safetensors";

/** Where a folder of adapters has the one of a category. */
const adapterFile = (folder: string, category: string): string => join(folder, fileName(category, ENDING));

/** Writes an adapter into a folder that several may lie in, in the place of an older one of its category; gives its file. */
export async function saveAdapter(folder: string, adapter: Adapter): Promise<string> {
  await ensureWritableFolder(folder);
  const file = adapterFile(folder, adapter.config.category);
  await writeFileAtomically(file, encodeAdapter(adapter));
  return file;
}

/**
 * Reads the adapters of a folder, by their files' names, or the one of a file.
 * @throws UserError naming what is missing, damaged, newer than this version or no adapter, and for two of one category.
 */
export async function loadAdapters(path: string): Promise<readonly [Adapter, ...Adapter[]]> {
  const [first, ...others] = await filesOf(path);
  if (first === undefined)
    throw new UserError(
      `${path} has no adapters, expected files such as ${adapterFile(path, "snail")}; teach one: npx cizgi teach NAME --drawings FILE --out FOLDER`,
    );
  const adapters: [Adapter, ...Adapter[]] = [await readAdapter(first)];
  const files = new Map([[adapters[0].config.category, first]]);
  for (const file of others) {
    const adapter = await readAdapter(file);
    const { category } = adapter.config;
    const twin = files.get(category);
    if (twin !== undefined)
      throw new UserError(
        `${file} and ${twin} are both of ${category}; name one of the files, or move one away.`,
      );
    files.set(category, file);
    adapters.push(adapter);
  }
  return adapters;
}

const readAdapter = async (file: string): Promise<Adapter> =>
  decodeAdapter(
    await readFile(file).catch((error) => {
      throw fileFailure("read", file, error);
    }),
    file,
  );

async function filesOf(path: string): Promise<string[]> {
  if (path.endsWith(ENDING)) return [path];
  const names = await readdir(path).catch((error) => {
    throw fileFailure("read adapters from", path, error);
  });
  return names
    .filter((name) => name.endsWith(ENDING))
    .sort()
    .map((name) => join(path, name));
}
