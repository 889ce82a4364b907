import { basename, extname } from "node:path";
import { UserError } from "../../base/errors.ts";
import type { Sketch } from "../../sketch/sketch.ts";
import { plainName } from "../catalogue.ts";
import { categoryOfFile, whatNameSays } from "../file-names.ts";
import { formOf, readDrawings } from "../read/readers.ts";
import { fileBytes, type ReadOptions, readWith } from "./reading.ts";

/** What a file has of a category. */
export interface CategoryFile {
  readonly path: string;
  readonly category: string;
  /** The file's ending, for example ".ndjson". */
  readonly form: string;
  /** Which of its drawings are of the category; all when left out. */
  readonly holds?: (sketch: Sketch) => boolean;
  /** What its drawings call themselves, where that is another word than the file's name. */
  readonly otherWord?: string;
}

/** How files are looked through when a folder is opened: for the words of their drawings. */
export type LookOptions = Pick<ReadOptions, "onProgress" | "onNotice" | "signal">;

/**
 * The categories of a file: one by its name, or those of its drawings' own words where the name says nothing. What is
 * wrong with it behind its first drawing is said when these are read.
 * @throws UserError where no category can be told.
 */
export async function categoriesIn(path: string, options: LookOptions): Promise<CategoryFile[]> {
  const { ending, form } = formOf(path) ?? { ending: extname(path), form: extname(path) };
  const name = categoryOfFile(basename(path).slice(0, basename(path).length - ending.length));
  const file = { path, form };
  const says = form === ".npz" ? "name" : await whatNameSays(name, () => firstWord(path));
  if (says === "name" && name !== "") return [{ ...file, category: name }];
  const wordOf = ({ word = "" }: Sketch): string => plainName(word) || name;
  const words = await wordsIn(path, wordOf, options);
  if (words.has(""))
    throw new UserError(
      `${path}: neither its name nor a "word" says what its drawings are of; name it as cat.ndjson is named`,
    );
  const [otherWord, ...others] = words;
  if (says === "unsure" && otherWord !== undefined && others.length === 0)
    return [{ ...file, category: name, otherWord }];
  return [...words].map((category) => ({
    ...file,
    category,
    holds: (sketch: Sketch) => wordOf(sketch) === category,
  }));
}

const drawingsOf = (path: string, options: LookOptions) =>
  readWith(readDrawings, path, (progress) => fileBytes(path, progress), options);

async function firstWord(path: string): Promise<string | undefined> {
  try {
    for await (const { sketch } of drawingsOf(path, {})) return sketch.word;
  } catch {
    // What is wrong with the file is said when it is read.
  }
  return undefined;
}

async function wordsIn(
  path: string,
  wordOf: (sketch: Sketch) => string,
  options: LookOptions,
): Promise<Set<string>> {
  const words = new Set<string>();
  try {
    for await (const { sketch } of drawingsOf(path, options)) words.add(wordOf(sketch));
  } catch (error) {
    if (!(error instanceof UserError) || words.size === 0) throw error;
  }
  return words;
}
