import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { COMPILED } from "../compile.ts";

export interface Finished {
  /** The exit code, or the name of the signal that ended it. */
  readonly code: number | string | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** The words that run the command. */
export const COMMAND: readonly string[] = [process.execPath, resolve(COMPILED, "cli/main.js")];

/** An environment without any CIZGI_ variable of ours and with a cache and a bucket of nobody. */
export function environment(cwd: string): Record<string, string | undefined> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("CIZGI_"));
  return {
    ...Object.fromEntries(inherited),
    XDG_CACHE_HOME: resolve(cwd, ".cache"),
    CIZGI_BUCKET: "http://127.0.0.1:9",
  };
}

/** Starts the command in a folder. */
export function start(cwd: string, args: readonly string[], env: Record<string, string> = {}) {
  const [node, ...words] = COMMAND;
  const child = spawn(node, [...words, ...args], { cwd, env: { ...environment(cwd), ...env } });
  const stdout: Buffer[] = [];
  let stderr = "";
  child.stdout.on("data", (chunk) => stdout.push(chunk));
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const finished = new Promise<Finished>((done) =>
    child.on("close", (code, signal) =>
      done({ code: signal ?? code, stdout: Buffer.concat(stdout), stderr }),
    ),
  );
  return { child, finished };
}

/** Runs the command to its end. */
export const cizgi = (
  cwd: string,
  args: readonly string[],
  env?: Record<string, string>,
): Promise<Finished> => start(cwd, args, env).finished;
