import { randomBytes } from "node:crypto";
import {
  access,
  constants,
  mkdir,
  open,
  readdir,
  readlink,
  realpath,
  rename,
  rm,
  stat,
} from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { UserError } from "../base/errors.ts";
import { codeOf, fileFailure } from "./failure.ts";
import { isRunning } from "./process.ts";

/**
 * Writes a file so that `path` holds either its earlier content or all of `data`, even when the process is killed
 * or the disk is full: the data go to a file beside it, which then takes its name.
 * @throws UserError naming the path when it cannot be written; the earlier file is left as it was.
 */
export async function writeFileAtomically(path: string, data: Uint8Array | string): Promise<void> {
  const file = await openAside(path);
  try {
    await file.append(data);
  } catch (error) {
    await file.discard();
    throw error;
  }
  await file.finish();
}

/** A name for what is written beside `path`, which no one else has: not even a process of our id in another container. */
export const asideOf = (path: string): string =>
  `${path}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`;

/** A file that is written piece by piece, beside the path whose name it takes in the end. */
export interface AsideFile {
  /** Throws a UserError naming the path when it cannot be written. */
  append(data: Uint8Array | string): Promise<void>;
  /** Gives it its name; throws a UserError, and leaves nothing, where that cannot be. */
  finish(): Promise<void>;
  /**
   * Ends it early, with all that was appended whole: under its name where there was no file before, else under
   * `<path>.part`. Gives the name; undefined, and leaves nothing, where that is nothing.
   */
  keep(): Promise<string | undefined>;
  /** Leaves nothing of it. */
  discard(): Promise<void>;
}

/**
 * Opens a file to be written piece by piece. What is written to a device or a pipe is there at once: it keeps nothing to
 * protect, and a rename would put a file in its place.
 * @throws UserError naming the path when it cannot be written; the earlier file is left as it was.
 */
export async function openAside(path: string): Promise<AsideFile> {
  const named = <T>(action: () => Promise<T>): Promise<T> =>
    action().catch((error: unknown) => {
      throw fileFailure("write", path, error);
    });
  const existing = await stat(path).catch(() => undefined);
  // What a pipe's link leads to is no path.
  const target =
    existing === undefined ? await named(() => targetOf(path)) : await realpath(path).catch(() => path);
  const direct = existing?.isFile() === false && !existing.isDirectory();
  const aside = direct ? target : asideOf(target);
  const file = await named(async () => {
    if (existing?.isDirectory()) throw new UserError(`cannot write ${path}: it is a folder, expected a file`);
    if (!direct) await removeLeftovers(target);
    return open(aside, "w");
  });
  let whole = 0;

  async function discard(): Promise<void> {
    await file.close();
    if (!direct) await rm(aside, { force: true });
  }
  async function nameIt(name: string): Promise<void> {
    try {
      await file.sync();
      await rename(aside, name);
    } catch (error) {
      await discard();
      throw error;
    }
    await file.close();
    await syncFolder(dirname(name));
  }
  return {
    append: (data) =>
      named(async () => {
        await file.appendFile(data);
        whole += Buffer.byteLength(data);
      }),
    finish: () => named(() => (direct ? file.close() : nameIt(target))),
    async keep() {
      if (whole === 0 || direct) {
        await discard();
        return whole === 0 ? undefined : path;
      }
      const name = existing === undefined ? target : `${path}.part`;
      await named(async () => {
        await file.truncate(whole);
        await nameIt(name);
      });
      return name;
    },
    discard,
  };
}

/** Where a path leads that no file is at yet: to itself, or through symbolic links. */
async function targetOf(path: string): Promise<string> {
  const next = await readlink(path).catch(() => undefined);
  if (next === undefined) return path;
  const target = resolve(await realpath(dirname(path)), next);
  // Links that lead in a circle are refused here.
  await stat(target).catch((error: unknown) => {
    if (codeOf(error) === "ELOOP") throw error;
  });
  return targetOf(target);
}

/** Removes what killed processes left beside `path`: a checkpoint's leftovers would fill the disk. */
async function removeLeftovers(path: string): Promise<void> {
  const [folder, name] = [dirname(path), basename(path)];
  for (const entry of await readdir(folder)) {
    const [, pid] = entry.startsWith(`${name}.`)
      ? (/^\.(\d+)\.[\da-f]{8}\.tmp$/.exec(entry.slice(name.length)) ?? [])
      : [];
    if (pid !== undefined && !isRunning(Number(pid))) await rm(join(folder, entry), { force: true });
  }
}

/** Makes the rename itself survive a power cut. Windows cannot open a folder, and needs no such call. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * Creates the folder, and those above it, where missing, and checks that files can be made in it.
 * @throws UserError naming the path when it is no folder or cannot be written to.
 */
export async function ensureWritableFolder(path: string): Promise<void> {
  try {
    await makeFolder(path);
    await access(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw fileFailure("write into the folder", path, error);
  }
}

/** Not mkdir's `recursive`: on a read-only disk that reports ENOENT, which says nothing to anyone. */
async function makeFolder(path: string): Promise<void> {
  try {
    await makeOneFolder(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    await makeFolder(dirname(path));
    await makeOneFolder(path);
  }
}

async function makeOneFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const existing = await stat(path).catch(() => undefined);
    if (!existing?.isDirectory()) throw error;
  }
}
