import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { messageOf } from "../../base/errors.ts";
import { ensureWritableFolder, writeFileAtomically } from "../../files/atomic.ts";
import { fileFailure } from "../../files/failure.ts";
import { takeLock } from "../../files/lock.ts";
import { readFileBytes } from "../read/file.ts";
import { type Entry, readVersion, sizeOf } from "./cache.ts";
import type { Version } from "./connect.ts";

/** An unfinished download that this process may continue. Once a write fails, nothing more is kept. */
export interface Part {
  /** Bytes that earlier downloads left; 0 when they are of no known version. */
  readonly position: number;
  readonly version: Version | undefined;
  /** These bytes. */
  bytes(): AsyncIterable<Uint8Array>;
  /** Forgets these, for a download from the start. */
  restart(version: Version): Promise<void>;
  append(chunk: Uint8Array): Promise<void>;
  /** Removes what there is of it. */
  forget(): Promise<void>;
  /** Makes it the complete file of `length` bytes. */
  complete(length: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the download of one of `urls` to continue it; undefined, and a notice why, where there is no writing or
 * another process is at it.
 */
export async function openPart(
  entry: Entry,
  urls: readonly string[],
  notice: (text: string) => void,
): Promise<Part | undefined> {
  try {
    await ensureWritableFolder(dirname(entry.part));
    const lock = await takeLock(entry.lock);
    if ("owner" in lock) {
      notice(`${entry.file} is being fetched by ${lock.owner}; reading past the cache`);
      return undefined;
    }
    try {
      return await lockedPart(entry, urls, notice, lock.release);
    } catch (error) {
      lock.release();
      throw error;
    }
  } catch (error) {
    notice(`reading past the cache: ${messageOf(fileFailure("write", entry.part, error))}`);
    return undefined;
  }
}

async function lockedPart(
  entry: Entry,
  urls: readonly string[],
  notice: (text: string) => void,
  release: () => void,
): Promise<Part> {
  if ((await sizeOf(entry.file)) !== undefined)
    notice(`${entry.file} is damaged, or of another address than ${urls[0]}; fetching it again`);
  const version = await readVersion(entry, urls);
  const handle = await open(entry.part, "a");
  const { size } = await handle.stat();
  const usable = version !== undefined && size <= (version.totalBytes ?? size);

  let latest = version;
  let keeping = true;
  async function keep(write: () => Promise<void>): Promise<void> {
    if (!keeping) return;
    try {
      await write();
    } catch (error) {
      keeping = false;
      notice(`reading on without the cache: ${messageOf(fileFailure("write", entry.part, error))}`);
    }
  }
  return {
    position: usable ? size : 0,
    version: usable ? version : undefined,
    bytes: () => readFileBytes(entry.part),
    restart: (version) =>
      keep(async () => {
        latest = version;
        await rm(entry.file, { force: true });
        await handle.truncate(0);
        await writeFileAtomically(entry.version, JSON.stringify(version));
      }),
    forget: () => keep(() => handle.truncate(0)),
    append: (chunk) => keep(() => handle.appendFile(chunk)),
    complete: (length) =>
      keep(async () => {
        await handle.sync();
        const { size } = await handle.stat();
        if (size !== length) {
          // Someone removed the lock, and two processes wrote.
          await handle.truncate(0);
          throw new Error(`${entry.part} has ${size} bytes, expected ${length}`);
        }
        await writeFileAtomically(entry.version, JSON.stringify({ ...latest, totalBytes: length }));
        await rename(entry.part, entry.file);
      }),
    async close() {
      const { size } = await handle.stat();
      await handle.close();
      if (size === 0) await rm(entry.part, { force: true });
      release();
    },
  };
}
