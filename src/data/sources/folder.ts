import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { UserError } from "../../base/errors.ts";
import { listed } from "../../base/listed.ts";
import { fileFailure } from "../../files/failure.ts";
import { requireCategory } from "../catalogue.ts";
import { readFileBytes } from "../read/file.ts";
import { ENDINGS, formOf, holdsDrawings } from "../read/readers.ts";
import { type CategoryFile, categoriesIn, type LookOptions } from "./category-files.ts";
import { readAsOne } from "./joined.ts";
import type { ReadOptions, Source } from "./reading.ts";

const isReadable = async (path: string): Promise<boolean> =>
  formOf(path) !== undefined &&
  !basename(path).startsWith(".") &&
  (await holdsDrawings(path, () => readFileBytes(path)));

/** `cat-0-2` before `cat-0-10`. */
const byNumber = new Intl.Collator("en", { numeric: true });

/**
 * The drawings of a folder of files such as `cat.ndjson` and `cat.npz`, or of one such file. Files of one category are
 * read as one; a file whose name says no category is read through now, and divided by its drawings' own words. One that
 * cannot be read is left aside where there are others, with a notice.
 * @throws UserError when there is nothing of the kind.
 */
export async function folderSource(path: string, options: LookOptions = {}): Promise<Source> {
  const paths = (await readablePaths(path)).sort((a, b) => byNumber.compare(a, b) || (a < b ? -1 : 1));
  const holdings = new Map<string, CategoryFile[]>();
  let damaged: UserError[] = [];
  for (const path of paths) {
    try {
      for (const file of await categoriesIn(path, options))
        holdings.set(file.category, [...(holdings.get(file.category) ?? []), file]);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      damaged.push(error);
    }
  }
  if (holdings.size === 0) throw damaged[0];
  const tellDamaged = (onNotice: ReadOptions["onNotice"]) => {
    if (onNotice === undefined) return;
    for (const { message } of damaged) onNotice(`left aside: ${message}`);
    damaged = [];
  };
  tellDamaged(options.onNotice);
  const words = [...holdings.keys()].sort();
  const otherWords = otherWordsIn([...holdings.values()].flat());
  const names = [...words, ...[...otherWords.keys()].filter((word) => !holdings.has(word))];
  const find = (category: string): string => {
    const found = requireCategory(category, names, path);
    if (holdings.has(found)) return found;
    const [name = found, ...others] = otherWords.get(found) ?? [];
    if (others.length === 0) return name;
    throw new UserError(
      `${path}: the drawings of ${listed([name, ...others])} call themselves "${found}"; ask for one of these.`,
    );
  };
  const told = new Set<string>();
  return {
    kind: "folder",
    description: path,
    categories: async () => words,
    find: async (category) => find(category),
    async *drawings(category, options = {}) {
      const own = find(category);
      const { files, notices } = filesToRead(own, holdings.get(own) ?? []);
      tellDamaged(options.onNotice);
      if (!told.has(own)) for (const notice of notices) options.onNotice?.(notice);
      told.add(own);
      yield* readAsOne(files, options);
    },
  };
}

/** The categories of the files whose drawings call themselves by another word, by that word. */
function otherWordsIn(files: readonly CategoryFile[]): Map<string, string[]> {
  const found = new Map<string, Set<string>>();
  for (const { category, otherWord } of files) {
    if (otherWord !== undefined) found.set(otherWord, (found.get(otherWord) ?? new Set()).add(category));
  }
  return new Map([...found].map(([word, categories]) => [word, [...categories]]));
}

/**
 * A set of Sketch-RNN beside other files of a category has the same drawings in another form, in which copies cannot be
 * told: it is left aside.
 */
function filesToRead(
  category: string,
  all: readonly CategoryFile[],
): { files: readonly CategoryFile[]; notices: string[] } {
  const others = all.filter(({ form }) => form !== ".npz");
  const files = others.length > 0 ? others : all;
  const namesOf = (some: readonly CategoryFile[]) => listed(some.map(({ path }) => basename(path)));
  const notices: string[] = [];
  if (files.length > 1)
    notices.push(`${category}: ${files.length} files are read as one: ${namesOf(files)}.`);
  if (files.length < all.length) {
    const aside = all.filter((file) => !files.includes(file));
    notices.push(
      `${category}: ${namesOf(aside)} is left aside, because ${namesOf(files)} is there; to read it, name the file itself.`,
    );
  }
  for (const { path, otherWord } of files) {
    if (otherWord !== undefined)
      notices.push(`${category}: the drawings of ${basename(path)} call themselves "${otherWord}".`);
  }
  return { files, notices };
}

async function readablePaths(path: string): Promise<string[]> {
  try {
    const found = await stat(path);
    if (found.isFile()) {
      if (formOf(path) !== undefined || (await holdsDrawings(path, () => readFileBytes(path)))) return [path];
      throw new UserError(`${path}: expected a folder or a file of drawings (${ENDINGS.join(", ")})`);
    }
    if (!found.isDirectory())
      throw new UserError(
        `${path} is a pipe or device, which can be read only once, and drawings are read more than once: write them into a file first, such as drawings.ndjson`,
      );
    const paths: string[] = [];
    for (const name of await readdir(path))
      if (await isReadable(join(path, name))) paths.push(join(path, name));
    if (paths.length > 0) return paths;
    throw new UserError(`${path} has no drawings: expected files such as cat.ndjson in it`);
  } catch (error) {
    throw fileFailure("read drawings from", path, error);
  }
}
