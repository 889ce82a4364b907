import { printable } from "../base/printable.ts";
import type { Reporter } from "../workflows/reporter.ts";
import { progressBar } from "./progress.ts";

/** How a command speaks: data on stdout, everything else on stderr, unless --quiet. */
export interface Output extends Reporter {
  /** The command's result on stdout: `text` for a person, `value` with --json. */
  result(text: string, value: unknown): void;
}

export const output = ({ json = false, quiet = false }: { json?: boolean; quiet?: boolean }): Output => ({
  note(text) {
    if (!quiet) process.stderr.write(`${printable(text)}\n`);
  },
  progress: (label, total, unit) => progressBar(label, total, unit, quiet),
  result(text, value) {
    process.stdout.write(`${printable(json ? JSON.stringify(value) : text)}\n`);
  },
});
