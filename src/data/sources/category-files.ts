import { basename, extname } from "node:path";
import { UserError } from "../../base/errors.ts";
import type { Sketch } from "../../sketch/sketch.ts";
import { plainName } from "../catalogue.ts";
import { categoryOfFile, whatNameSays } from "../file-names.ts";
import { formOf, readDrawings } from "../read/readers.ts";
import { fileBytes, readWith } from "./reading.ts";

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

/** The categories of a file: one by its name, or those of its drawings' own words where the name says nothing. */
export async function categoriesIn(path: string): Promise<CategoryFile[]> {
  const { ending, form } = formOf(path) ?? { ending: extname(path), form: extname(path) };
  const name = categoryOfFile(basename(path).slice(0, basename(path).length - ending.length));
  const file = { path, form };
  const says = form === ".npz" ? "name" : await whatNameSays(name, () => firstWord(path));
  if (says === "name" && name !== "") return [{ ...file, category: name }];
  const wordOf = ({ word = "" }: Sketch): string => plainName(word) || name;
  const words = await wordsIn(path, wordOf);
  if (words.has(""))
    throw new UserError(
      `${path}: neither its name nor a "word" says what its drawings are of; name it as cat.ndjson is named`,
    );
  if (says === "unsure" && words.size === 1) {
    const [otherWord] = words;
    return [{ ...file, category: name, otherWord }];
  }
  return [...words].map((category) => ({
    ...file,
    category,
    holds: (sketch: Sketch) => wordOf(sketch) === category,
  }));
}

const drawingsOf = (path: string) =>
  readWith(readDrawings, path, (progress) => fileBytes(path, progress), {});

async function firstWord(path: string): Promise<string | undefined> {
  try {
    for await (const { sketch } of drawingsOf(path)) return sketch.word;
  } catch {
    // What is wrong with the file is said when it is read.
  }
  return undefined;
}

async function wordsIn(path: string, wordOf: (sketch: Sketch) => string): Promise<Set<string>> {
  const words = new Set<string>();
  for await (const { sketch } of drawingsOf(path)) words.add(wordOf(sketch));
  return words;
}
