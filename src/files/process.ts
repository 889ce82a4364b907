import { codeOf } from "./failure.ts";

/** Whether a process of this machine runs, so that a file that carries its id is in use and not left behind. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}
