import { existsSync, readFileSync, rmSync } from "node:fs";
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import { UserError } from "../base/errors.ts";
import { asideOf, ensureWritableFolder, writeFileAtomically } from "./atomic.ts";
import { codeOf, fileFailure } from "./failure.ts";
import { isRunning, pidNamespace, startOf } from "./process.ts";

const LOCK_FILE = "cizgi.lock";
/** Milliseconds after which a file that says nothing is not about to become a lock. */
const PATIENCE = 200;
/** So often a lock is looked at again while another process takes it over. */
const TURNS = 10;

const ownerSchema = z.object({
  pid: z.int().positive(),
  host: z.string().regex(/^\P{Cc}+$/u),
  /** Where the process's id counts, on systems that have several such places. */
  namespace: z.string().optional(),
  /** When the lock was taken. */
  since: z.iso.datetime(),
  /** When the process started, where that can be known. */
  started: z.string().optional(),
});

type Owner = z.infer<typeof ownerSchema>;

/** What gives a lock back that is ours; else who has it, in words. */
type Lock = { readonly release: () => void } | { readonly owner: string };

const held = new Set<string>();

/**
 * Takes a folder, made where missing, for one writer: `using lock = await lockFolder(folder)` holds it to the end of the
 * block, or of the process.
 * @throws UserError naming the process that has it, or the path where it cannot be written to.
 */
export async function lockFolder(folder: string): Promise<Disposable> {
  await ensureWritableFolder(folder);
  const lock = await takeLock(join(folder, LOCK_FILE));
  if ("release" in lock) return { [Symbol.dispose]: lock.release };
  throw new UserError(`${folder} is in use by ${lock.owner}; wait for its end or choose another --out.`);
}

/**
 * Takes a lock: a file that says which process has it. One whose process is gone, or that says nothing, is taken over.
 * @throws UserError when the file cannot be written.
 */
export async function takeLock(path: string): Promise<Lock> {
  const place = resolve(path);
  if (held.has(place)) return { owner: `process ${process.pid} already` };
  held.add(place);
  const since = new Date().toISOString();
  const { pid } = process;
  const owner: Owner = { pid, host: hostname(), namespace: pidNamespace(), since, started: startOf(pid) };
  const text = JSON.stringify(owner);
  try {
    const other = await claim(place, text);
    if (other !== undefined) {
      held.delete(place);
      return { owner: describe(other, path) };
    }
  } catch (error) {
    held.delete(place);
    throw fileFailure("write", path, error);
  }
  const release = () => {
    process.off("exit", release);
    held.delete(place);
    // A person may have removed the lock, and another process taken it since.
    if (existsSync(place) && readFileSync(place, "utf8") === text) rmSync(place, { force: true });
  };
  process.on("exit", release);
  return { release };
}

/** Makes the lock say `text`; gives its owner instead where it has one. */
async function claim(path: string, text: string): Promise<Owner | undefined> {
  let waits = 0;
  while (!(await create(path, text))) {
    const found = await look(path);
    if (found === "free") continue;
    if (found !== "left behind") return found;
    // Of all who see that, only the one whose turn it is looks again and takes over.
    const turn = `${path}.turn`;
    const other = await claim(turn, text);
    if (other !== undefined) {
      // It is about to take over, or to find that another one did: who has the lock is known a moment later.
      if (++waits > TURNS) return other;
      await setTimeout(PATIENCE / TURNS);
      continue;
    }
    try {
      if ((await look(path)) !== "left behind") continue;
      await writeFileAtomically(path, text);
      return undefined;
    } finally {
      await rm(turn, { force: true });
    }
  }
  return undefined;
}

/** Makes a file that has all of its text at once; false where there is one already. */
async function create(path: string, text: string): Promise<boolean> {
  const aside = asideOf(path);
  try {
    await writeFile(aside, text);
    await link(aside, path).catch((error) => {
      if (codeOf(error) === "EEXIST") throw error;
      // Not every file system has hard links: then the text comes a moment after the file.
      return writeFile(path, text, { flag: "wx" });
    });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

async function look(path: string): Promise<Owner | "left behind" | "free"> {
  for (const wait of [PATIENCE, 0]) {
    const text = await textOf(path);
    if (text === undefined) return "free";
    const owner = parseOwner(text);
    if (owner !== undefined) return mayRun(owner) ? owner : "left behind";
    await setTimeout(wait);
  }
  return "left behind";
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function parseOwner(text: string): Owner | undefined {
  try {
    return ownerSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Where an owner is that cannot be looked for from here; undefined for one that can. */
function elsewhere({ host, namespace }: Owner): string | undefined {
  if (host !== hostname()) return "another machine";
  // Locks of earlier versions, and those of systems without namespaces, say none.
  const other = namespace !== undefined && namespace !== (pidNamespace() ?? namespace);
  return other ? "another container, or another machine of that name" : undefined;
}

/** Whether an owner may still be at work; of one that is elsewhere nobody here can tell. */
function mayRun(owner: Owner): boolean {
  if (elsewhere(owner) !== undefined) return true;
  const { pid, started } = owner;
  const now = startOf(pid);
  // Our own id in a lock that we do not hold was another process's, before the machine or container began anew.
  if (now === undefined || started === undefined) return pid !== process.pid && isRunning(pid);
  return now === started && isRunning(pid);
}

function describe(owner: Owner, path: string): string {
  const { pid, host, since, started } = owner;
  const who = `process ${pid} on ${host} since ${since}`;
  const where = elsewhere(owner);
  if (where !== undefined)
    return `${who} (${where}: whether it still runs cannot be seen from here; if not, remove ${path})`;
  return started === undefined ? `${who} (if that is another program by now, remove ${path})` : who;
}
