import { fstatSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";

/**
 * Whether this process was started to outlive its terminal. Node forgets at its start that SIGHUP was to be ignored, so
 * what else nohup leaves is looked for: its name, which shells note in `_`; its file nohup.out; a stdin that cannot be
 * read. A script that ignores the signal itself (trap '' HUP) shows that in /proc.
 */
export const outlivesTerminal = (): boolean =>
  basename(process.env._ ?? "") === "nohup" ||
  writesNohupOut() ||
  // GNU nohup opens /dev/null for writing only where stdin was a terminal: flags & O_ACCMODE = O_WRONLY.
  /^flags:\s*\d*[15]$/m.test(textOf("/proc/self/fdinfo/0")) ||
  // The lowest bit is that of signal 1, SIGHUP.
  /^SigIgn:\s*\w*[13579bdf]$/m.test(textOf(`/proc/${process.ppid}/status`));

function writesNohupOut(): boolean {
  const files = [1, 2].map((descriptor) => fstatSync(descriptor));
  return [".", homedir()].some((folder) => {
    const nohup = statSync(join(folder, "nohup.out"), { throwIfNoEntry: false });
    return nohup && files.some(({ ino, dev }) => ino === nohup.ino && dev === nohup.dev);
  });
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
