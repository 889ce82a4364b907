import { at } from "../base/at.ts";
import type { Environment } from "../base/environment.ts";
import { UserError } from "../base/errors.ts";
import { isAddress, requireBase } from "./sources/address.ts";
import { cacheFolder, hasLines, isComplete } from "./sources/cache.ts";
import type { LookOptions } from "./sources/category-files.ts";
import { NotFound } from "./sources/connect.ts";
import { download, type Network } from "./sources/download.ts";
import { networkReason } from "./sources/failure.ts";
import { folderSource } from "./sources/folder.ts";
import { addressesOf, entryOf, httpSource, networkOf } from "./sources/http.ts";
import type { Source } from "./sources/reading.ts";
import { syntheticSource } from "./sources/synthetic.ts";

export type { LookOptions } from "./sources/category-files.ts";
export type { Progress, ReadOptions, Source } from "./sources/reading.ts";

/** Google's public bucket: Quick, Draw! in its simplified form, CC BY 4.0. */
const BUCKET = "https://storage.googleapis.com/quickdraw_dataset/full/simplified";
const PROBE: Network = { retries: 1, backoff: 200, idleTimeout: 3000, mostBytes: Infinity };

/** The address of the bucket: the environment variable `CIZGI_BUCKET`, else Google's. */
export const bucketAddress = (env: Environment = process.env): string =>
  requireBase(env.CIZGI_BUCKET || BUCKET, "CIZGI_BUCKET: ");

/**
 * The source at an address: `synthetic`; an http(s) address laid out like the bucket (`<address>/<word>.ndjson`);
 * a folder of .ndjson or .npz files; or one such file.
 * @param options for files that have to be read through because their names say no category.
 * @throws UserError when a folder or file is missing or has no drawings, or for an address of another kind or with a
 *   password. Servers are asked when reading begins.
 */
export async function openSource(
  address: string,
  env: Environment = process.env,
  options: LookOptions = {},
): Promise<Source> {
  if (address === "synthetic") return syntheticSource();
  if (isAddress(address)) return httpSource(requireBase(address), cacheFolder(env), networkOf(env));
  return folderSource(address, options);
}

/** What is going to be read, to tell whether a source has it; a run's `data` settings say it too. */
export interface Wanted {
  readonly categories: readonly string[];
  /** Drawings of each category; 0, and when left out: all. */
  readonly limit?: number | undefined;
  /** The address of the source, where somebody names one; empty, and when left out: nobody does. */
  readonly source?: string | undefined;
}

/**
 * The source to use: that at `source` where that is said, else `CIZGI_DATA` where set, else what the cache has of all
 * categories, else the bucket when it answers, else synthetic drawings.
 * @returns the source and, in a sentence for a person, why it is this one.
 * @throws UserError when `source` or `CIZGI_DATA` leads nowhere.
 */
export async function resolveSource(
  wanted: Wanted,
  env: Environment = process.env,
  options: LookOptions = {},
): Promise<{ source: Source; why: string }> {
  if (wanted.source) {
    const source = await openSource(wanted.source, env, options);
    return { source, why: `Drawings come from ${source.description}.` };
  }
  const address = env.CIZGI_DATA;
  if (address) {
    const source = await openSource(address, env, options).catch((error: unknown) => {
      throw error instanceof UserError
        ? new UserError(`CIZGI_DATA: ${error.message}`, { cause: error })
        : error;
    });
    return { source, why: `Drawings come from ${source.description} (CIZGI_DATA).` };
  }
  const bucket = bucketAddress(env);
  const cache = cacheFolder(env);
  const source = httpSource(bucket, cache, networkOf(env));
  if (cache !== undefined && (await isCached(bucket, cache, wanted)))
    return { source, why: `Drawings come from the cache ${cache}, fetched from ${bucket}.` };
  const trouble = await probe(bucket, wanted.categories[0] ?? "cat");
  if (trouble === undefined) {
    // Without a cache, the source says that itself.
    const kept = cache === undefined ? "" : `; they are kept in ${cache}`;
    return { source, why: `Drawings come from ${bucket}${kept}.` };
  }
  const why =
    `Drawings are SYNTHETIC, made by the program itself: ${bucket} is out of reach (${trouble}). ` +
    "Set CIZGI_DATA to a folder of Quick, Draw! files such as cat.ndjson to use real ones.";
  return { source: syntheticSource(), why };
}

async function isCached(bucket: string, cache: string, { categories, limit = 0 }: Wanted): Promise<boolean> {
  for (const category of categories) {
    const entry = entryOf(cache, category);
    const urls = addressesOf(bucket, category);
    const cached = (await isComplete(entry, urls)) || (limit > 0 && (await hasLines(entry, urls, limit)));
    if (!cached) return false;
  }
  return categories.length > 0;
}

/** Why the bucket cannot be used at present; undefined when it answers as a bucket does. */
async function probe(bucket: string, category: string): Promise<string | undefined> {
  const url = at(addressesOf(bucket, category), 0);
  const opening = download(url, { position: 0 }, PROBE);
  try {
    await opening.next();
  } catch (error) {
    if (!(error instanceof NotFound)) return networkReason(error);
  } finally {
    await opening.return(undefined);
  }
  return undefined;
}
