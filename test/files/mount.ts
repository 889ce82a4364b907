import { execFileSync } from "node:child_process";

/**
 * Mounts a file system in memory on `folder` with the given options, runs `body` and takes it away again.
 * @returns false, and says that `what` is skipped, where mounting is not allowed.
 */
export async function withMount(
  folder: string,
  options: string,
  what: string,
  body: () => Promise<void>,
): Promise<boolean> {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder], { stdio: "ignore" });
  } catch {
    console.warn(`skipped: ${what} (mounting a file system is not allowed here)`);
    return false;
  }
  try {
    await body();
  } finally {
    execFileSync("umount", [folder]);
  }
  return true;
}
