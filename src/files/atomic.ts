import {
  access,
  constants,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { codeOf, fileFailure } from "./failure.ts";
import { isRunning } from "./process.ts";

/**
 * Writes a file so that `path` holds either its earlier content or all of `data`, even when the process is killed
 * or the disk is full: the data go to a file beside it, which then takes its name.
 * @throws UserError naming the path when it cannot be written; the earlier file is left as it was.
 */
export async function writeFileAtomically(path: string, data: Uint8Array | string): Promise<void> {
  try {
    const target = await realpath(path).catch(() => path);
    const existing = await stat(target).catch(() => undefined);
    // A device or a pipe keeps nothing to protect, and a rename would put a file in its place.
    if (existing?.isFile() === false && !existing.isDirectory()) await writeFile(target, data);
    else await writeAside(target, data);
  } catch (error) {
    throw fileFailure("write", path, error);
  }
}

async function writeAside(path: string, data: Uint8Array | string): Promise<void> {
  await removeLeftovers(path);
  const aside = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(aside, "w");
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Removes what killed processes left beside `path`: a checkpoint's leftovers would fill the disk. */
async function removeLeftovers(path: string): Promise<void> {
  const [folder, name] = [dirname(path), basename(path)];
  for (const entry of await readdir(folder)) {
    const [, pid] = entry.startsWith(`${name}.`)
      ? (/^\.(\d+)\.tmp$/.exec(entry.slice(name.length)) ?? [])
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
