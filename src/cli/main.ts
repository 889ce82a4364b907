#!/usr/bin/env node
import { createRequire } from "node:module";
import { Command, CommanderError } from "commander";
import { messageOf, UsageError, UserError } from "../base/errors.ts";
import { benchCommand } from "./commands/bench.ts";
import { dataCommand } from "./commands/data.ts";
import { sampleCommand } from "./commands/sample.ts";
import { startCommand } from "./commands/start.ts";
import { trainCommand } from "./commands/train.ts";

const EXIT = { failure: 1, usage: 2, interrupted: 130 };

const { version } = createRequire(import.meta.url)("../../package.json");

const program = new Command("cizgi")
  .description("Draws as people draw: diffusion models on the strokes of Quick, Draw!")
  .version(version)
  .showHelpAfterError("(cizgi --help, or cizgi COMMAND --help, says what there is)")
  .exitOverride();
for (const command of [trainCommand(), sampleCommand(), dataCommand(), benchCommand(), startCommand()]) {
  program.addCommand(command.exitOverride());
}

/** The exit code for what went wrong, after telling the user about it. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  if (error instanceof Error && error.name === "AbortError") {
    process.stderr.write("interrupted\n");
    return EXIT.interrupted;
  }
  const message = error instanceof UserError ? error.message : ((error as Error)?.stack ?? messageOf(error));
  process.stderr.write(`error: ${message}\n`);
  return error instanceof UsageError ? EXIT.usage : EXIT.failure;
}

// A reader that has seen enough, such as head, closes the pipe: that is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
