import { closeSync, fstatSync } from "node:fs";
import { isatty } from "node:tty";
import { codeOf, fileFailure } from "../files/failure.ts";

/**
 * Minds the ends of stdout and stderr that come from outside. Where stdout is read no further, as by `head`, the process
 * ends, and so it does after `onFailure` where a result cannot be written. What is said on stderr is no result: where
 * nobody reads it the work goes on; where it is lost, as on a full disk, the exit code tells.
 * @param onFailure tells a person, and gives the exit code.
 */
export function mindStandardStreams(onFailure: (error: unknown) => number): void {
  process.stdout.on("error", (error) => {
    if (isReaderGone(error, process.stdout.fd)) process.exit();
    process.exit(onFailure(fileFailure("write to", "stdout", error)));
  });
  process.stderr.on("error", (error) => {
    if (!isReaderGone(error, process.stderr.fd)) process.exitCode ||= 1;
  });
  closeVanishedTerminals();
}

/** In the end Node resets the terminals that it began on, and aborts where one is gone but not closed. */
function closeVanishedTerminals(): void {
  const terminals = [0, 1, 2].filter(isatty);
  process.on("exit", () => {
    for (const descriptor of terminals) if (!isatty(descriptor)) closeSync(descriptor);
  });
}

/** A closed pipe or descriptor, or a terminal that is no longer there; on a file EIO is a broken disk. */
function isReaderGone(error: unknown, descriptor: number): boolean {
  const code = codeOf(error);
  return code === "EPIPE" || code === "EBADF" || (code === "EIO" && !fstatSync(descriptor).isFile());
}

/**
 * Writes data to stdout; over when the reader has taken it, so that a slow one does not fill the memory. Errors are those
 * of `mindStandardStreams`.
 */
export const writeToStdout = (data: Uint8Array | string): Promise<void> =>
  new Promise((written) => process.stdout.write(data, () => written()));
