import type { Command } from "commander";
import { vi } from "vitest";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Runs a command in the test's own process, which saves the start of another; gives what it wrote. */
export async function runHere(
  command: Command,
  args: readonly string[],
): Promise<{ stdout: string; stderr: string }> {
  const stdout = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const before = SIGNALS.map((signal) => process.listeners(signal));
  try {
    await command.exitOverride().parseAsync(args, { from: "user" });
    const written = (spy: typeof stdout) => spy.mock.calls.map(([text]) => String(text)).join("");
    return { stdout: written(stdout), stderr: written(stderr) };
  } finally {
    stdout.mockRestore();
    stderr.mockRestore();
    for (const [i, signal] of SIGNALS.entries())
      for (const listener of process.listeners(signal))
        if (!before[i].includes(listener)) process.off(signal, listener);
  }
}
