import { readFileSync, readlinkSync } from "node:fs";
import { codeOf } from "./failure.ts";

/** Whether a process of this machine runs, so that a file that carries its id is in use and not left behind. */
export function isRunning(pid: number): boolean {
  // A killed process that its parent has not asked after yet still answers signals, but does nothing any more.
  if (/^[ZX]/.test(statusOf(pid) ?? "")) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/**
 * When a process of this machine started, so that another one that got its id is told from it: ticks of the clock since
 * the start of the machine, and which start that was. Undefined for a process that is gone, and where there is no /proc.
 */
export function startOf(pid: number): string | undefined {
  const ticks = statusOf(pid)?.split(" ")[19];
  return ticks && `${ticks} ${contentOf("/proc/sys/kernel/random/boot_id")?.trim() ?? ""}`;
}

/**
 * The namespace of process ids that this process lives in, its container's where it is in one: processes of another one
 * have ids that mean nothing here. Undefined where there are none, or no /proc.
 */
export function pidNamespace(): string | undefined {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return undefined;
  }
}

/** The fields of /proc/<pid>/stat from the state on (proc(5)); the name before them may hold anything. */
const statusOf = (pid: number): string | undefined => contentOf(`/proc/${pid}/stat`)?.replace(/^.*\) /s, "");

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
