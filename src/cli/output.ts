import { printable } from "../base/printable.ts";

/** How a command speaks: data on stdout, everything else on stderr. */
export interface Output {
  readonly json: boolean;
  readonly quiet: boolean;
  /** A sentence for a person, on stderr unless --quiet. */
  note(text: string): void;
  /** The command's result on stdout: `text` for a person, `value` with --json. */
  result(text: string, value: unknown): void;
}

export const output = ({ json = false, quiet = false }: { json?: boolean; quiet?: boolean }): Output => ({
  json,
  quiet,
  note(text) {
    if (!quiet) process.stderr.write(`${printable(text)}\n`);
  },
  result(text, value) {
    process.stdout.write(`${printable(json ? JSON.stringify(value) : text)}\n`);
  },
});
