import type { Environment } from "../../base/environment.ts";
import { UserError } from "../../base/errors.ts";
import { didYouMean } from "../../base/nearest.ts";
import { CATEGORIES, fileNames, plainName, requireCategory } from "../catalogue.ts";
import { howToRaise, limitOf } from "../limits.ts";
import { readNdjson } from "../read/ndjson.ts";
import { cacheEntry, type Entry, hasLines, isComplete, NO_CACHE } from "./cache.ts";
import { NotFound } from "./connect.ts";
import { changedMeanwhile, download, type Network } from "./download.ts";
import { openPart, type Part } from "./part.ts";
import { fileBytes, type Progress, type ReadOptions, readWith, type Source } from "./reading.ts";

/** How servers are asked, unless a test is less patient. */
export const networkOf = (env: Environment): Network => ({
  retries: 5,
  backoff: 500,
  idleTimeout: 20_000,
  mostBytes: limitOf("downloadMiB", env) * 2 ** 20,
});

/** The addresses that a category's file may have under a base laid out like the bucket. */
export const addressesOf = (base: string, category: string): readonly string[] =>
  fileNames(category).map((name) => `${base}/${encodeURIComponent(name)}.ndjson`);

/** The place of a category in the cache. */
export const entryOf = (cache: string, category: string): Entry => cacheEntry(cache, plainName(category));

/**
 * The drawings of `<base>/<word>.ndjson`, as Google's bucket has them. What comes is kept in the folder `cache`,
 * where there is one, and never fetched again; a download that was cut off, or ended by a limit, is continued.
 */
export function httpSource(base: string, cache: string | undefined, network: Network): Source {
  let told = false;
  return {
    kind: "http",
    description: base,
    categories: async () => CATEGORIES,
    find: async (category) => requireCategory(category, CATEGORIES, base),
    async *drawings(category, options = {}) {
      if (cache === undefined && options.onNotice !== undefined && !told) {
        told = true;
        options.onNotice(NO_CACHE);
      }
      const bytes = (progress: Progress) => bytesOf(base, category, cache, network, options, progress);
      yield* readWith(readNdjson, `${base}/${category}`, bytes, options);
    },
  };
}

async function* bytesOf(
  base: string,
  category: string,
  cache: string | undefined,
  network: Network,
  options: ReadOptions,
  progress: Progress,
): AsyncGenerator<Uint8Array> {
  const urls = addressesOf(base, category);
  const entry = cache === undefined ? undefined : entryOf(cache, category);
  if (entry !== undefined && (await isComplete(entry, urls))) {
    yield* fileBytes(entry.file, progress);
    return;
  }
  const { limit, onNotice } = options;
  const enough = entry !== undefined && limit !== undefined && (await hasLines(entry, urls, limit));
  const part = entry && (await openPart(entry, urls, (text) => onNotice?.(text)));
  try {
    for (const url of part?.version === undefined ? urls : [part.version.url]) {
      try {
        yield* throughPart(url, part, enough, network, options, progress);
        return;
      } catch (error) {
        if (!(error instanceof NotFound)) throw error;
      }
    }
  } finally {
    await part?.close();
  }
  const word = plainName(category);
  const advice = CATEGORIES.includes(word) ? " Check the address." : didYouMean(word, CATEGORIES);
  throw new UserError(`there are no drawings of "${category}" at ${urls.join(" or ")}.${advice}`);
}

/**
 * What `part` has of the file, then the rest from the network, which `part` keeps.
 * @param enough whether what it has is likely to do: the server is then asked only when it does not.
 */
async function* throughPart(
  url: string,
  part: Part | undefined,
  enough: boolean,
  network: Network,
  { signal, onNotice }: ReadOptions,
  progress: Progress,
): AsyncGenerator<Uint8Array> {
  let length = part?.position ?? 0;
  progress.totalBytes = part?.version?.totalBytes;
  const whole = length > 0 && length === progress.totalBytes;
  if (part !== undefined && (enough || whole)) yield* part.bytes();
  if (!whole) {
    for await (const item of download(url, part ?? { position: 0 }, network, signal)) {
      if (item instanceof Uint8Array) {
        length += item.length;
        if (length > network.mostBytes) {
          await part?.forget();
          throw tooLarge(url, network.mostBytes);
        }
        await part?.append(item);
        yield item;
        continue;
      }
      progress.totalBytes = item.version.totalBytes;
      if ((progress.totalBytes ?? 0) > network.mostBytes) throw tooLarge(url, network.mostBytes);
      if (item.position === 0) {
        await part?.restart(item.version);
        if (length > 0 && enough) throw changedMeanwhile(url);
        if (length > 0) onNotice?.(`${url} changed on the server since it was begun; starting afresh`);
        length = 0;
      } else if (part !== undefined && !enough) yield* part.bytes();
    }
  }
  await part?.complete(length);
}

const tooLarge = (url: string, bytes: number): UserError =>
  new UserError(
    `${url} is larger than ${Math.round(bytes / 2 ** 20)} MiB, more than any file of drawings; ${howToRaise("downloadMiB")}`,
  );
