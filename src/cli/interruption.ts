import { constants } from "node:os";

/** What ends a command that a signal interrupted, with the exit code that shells know such an end by. */
export class Interruption extends Error {
  override readonly name = "AbortError";
  readonly exitCode: number;

  constructor(signal: "SIGINT" | "SIGTERM" | "SIGHUP") {
    super("interrupted");
    this.exitCode = 128 + constants.signals[signal];
  }
}
