import { fstatSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { homeFolder } from "../data/sources/cache.ts";

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
  const streams = [1, 2].map((descriptor) => seen(() => fstatSync(descriptor)));
  return [".", homeFolder()].some((folder) => {
    const nohup = folder && seen(() => statSync(join(folder, "nohup.out")));
    return nohup && streams.some((stream) => stream?.ino === nohup.ino && stream.dev === nohup.dev);
  });
}

/** What is not there, is closed or may not be looked at is not nohup's. */
function seen<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

const textOf = (path: string): string => seen(() => readFileSync(path, "utf8")) ?? "";
