import { readFile, rm, writeFile } from "node:fs/promises";
import { codeOf } from "./failure.ts";
import { isRunning } from "./process.ts";

const held = new Set<string>();

/**
 * Takes a lock: a file that carries this process's id. One that a killed process left is taken over.
 * @returns what gives the lock back, or undefined while another process, or another reader in this one, has it.
 */
export async function takeLock(path: string): Promise<(() => Promise<void>) | undefined> {
  if (held.has(path)) return undefined;
  held.add(path);
  let taken = false;
  try {
    taken = await claim(path);
  } finally {
    if (!taken) held.delete(path);
  }
  if (!taken) return undefined;
  return async () => {
    await rm(path, { force: true });
    held.delete(path);
  };
}

async function claim(path: string): Promise<boolean> {
  try {
    await writeFile(path, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  }
  const owner = Number(await readFile(path, "utf8").catch(() => ""));
  // Our own id in a lock that we do not hold was another process's, before the machine or container began anew.
  if (owner !== process.pid && isRunning(owner)) return false;
  await writeFile(path, String(process.pid));
  return true;
}
