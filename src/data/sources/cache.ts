import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { z } from "zod";
import type { Environment } from "../../base/environment.ts";
import { fileName } from "../../files/name.ts";
import { readFileBytes } from "../read/file.ts";
import type { Version } from "./connect.ts";

/**
 * A file of the cache: `<word>.ndjson` once it is complete, `.part` until then; `.json` beside it says which version
 * of which address it is, `.lock` which process is writing it.
 */
export interface Entry {
  readonly file: string;
  readonly part: string;
  readonly version: string;
  readonly lock: string;
}

/** Why there is no cache. */
export const NO_CACHE = "downloads are not kept: there is no home folder, and XDG_CACHE_HOME is not set";

/**
 * `$XDG_CACHE_HOME/cizgi/quickdraw/simplified`; a relative path there counts as not set (XDG base directories).
 * Undefined without a home folder, as of a user of a container.
 */
export function cacheFolder(env: Environment): string | undefined {
  const { XDG_CACHE_HOME = "" } = env;
  const home = homeFolder();
  const caches = isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : home && join(home, ".cache");
  return caches && join(caches, "cizgi", "quickdraw", "simplified");
}

/** The user's home folder; undefined where there is none. */
export function homeFolder(): string | undefined {
  try {
    const home = homedir();
    return isAbsolute(home) && existsSync(home) ? home : undefined;
  } catch {
    return undefined; // A user who is in no list of users.
  }
}

export function cacheEntry(folder: string, word: string): Entry {
  const file = join(folder, fileName(word, ".ndjson"));
  return { file, part: `${file}.part`, version: `${file}.json`, lock: `${file}.lock` };
}

const versionSchema = z.object({
  url: z.string(),
  etag: z.string().optional(),
  lastModified: z.string().optional(),
  totalBytes: z.number().optional(),
});

/** Which version of one of `urls` the entry is; undefined when that is not known. */
export async function readVersion({ version }: Entry, urls: readonly string[]): Promise<Version | undefined> {
  try {
    const found = versionSchema.parse(JSON.parse(await readFile(version, "utf8")));
    return urls.includes(found.url) ? found : undefined;
  } catch {
    return undefined; // What nothing is known of is fetched again.
  }
}

/** Undefined for a file that is missing. */
export const sizeOf = async (path: string): Promise<number | undefined> =>
  (await stat(path).catch(() => undefined))?.size;

/** Whether the whole file of one of `urls` is in the cache, as long as it was when it came. */
export async function isComplete(entry: Entry, urls: readonly string[]): Promise<boolean> {
  const version = await readVersion(entry, urls);
  return version?.totalBytes !== undefined && (await sizeOf(entry.file)) === version.totalBytes;
}

/** Whether `count` whole lines of an unfinished download from one of `urls` are in the cache. */
export async function hasLines(entry: Entry, urls: readonly string[], count: number): Promise<boolean> {
  if ((await readVersion(entry, urls)) === undefined || (await sizeOf(entry.part)) === undefined)
    return false;
  let lines = 0;
  for await (const chunk of readFileBytes(entry.part)) {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
    if (lines >= count) return true;
  }
  return false;
}
