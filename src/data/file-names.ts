import { CATEGORIES, plainName } from "./catalogue.ts";
import { otherName } from "./other-names.ts";

/** What Google's and Sketch-RNN's downloads have before the category: `full_simplified_cat.ndjson`. */
const PREFIX = /^(?:quickdraw dataset[ /])?(?:full[ /](?:simplified|raw|binary)|sketchrnn)[ /]/;

/** What browsers, file managers and Sketch-RNN have behind it: `cat (1).ndjson`, `cat - Copy.ndjson`, `cat.full.npz`. */
const SUFFIX = /(?:\.full| ?\((?:\d+|copy|kopya)\)| (?:copy|kopya)(?: \d+)?)+$/;

/**
 * The category that a file is named after, spelled plainly; empty where nothing is left.
 * @param stem the file's name without folder and ending.
 */
export const categoryOfFile = (stem: string): string =>
  plainName(stem).replace(PREFIX, "").replace(SUFFIX, "").trim();

/** Words in the names of files that tell of data, and not of what is drawn. */
const GENERIC = new Set(
  `all and chunk data dataset doodle doodles download drawing drawings export file full generated held my ndjson new of
out output part quick quickdraw draw raw result results sample samples set shard simplified sketch sketches test train
training untitled valid validation`.split(/\s+/),
);

const isGeneric = (name: string): boolean =>
  name.split(/[^\p{L}\p{N}\p{M}]+/u).every((word) => /^\d*$/.test(word) || GENERIC.has(word));

/** What `cizgi sample` puts behind the category: seed and index. */
const SEED_AND_INDEX = / \d+ \d+$/;

/**
 * What a file's name says of its drawings: the category, whatever is in it (`name`); nothing, so that each drawing's
 * own word counts (`words`); or a word that is not among Quick, Draw!'s, which counts unless the drawings have several
 * words of their own (`unsure`).
 * @param word of the file's first drawing, asked for where it matters.
 */
export async function whatNameSays(
  name: string,
  word: () => Promise<string | undefined>,
): Promise<"name" | "words" | "unsure"> {
  if (CATEGORIES.includes(name) || otherName(name, CATEGORIES) !== undefined) return "name";
  const found = plainName((await word()) ?? "");
  if (found === "") return "name";
  if (isGeneric(name) || name.replace(SEED_AND_INDEX, "") === found) return name === found ? "name" : "words";
  return ` ${name} `.includes(` ${found} `) ? "name" : "unsure";
}
