#!/usr/bin/env node
import { createRequire } from "node:module";
import { Command, CommanderError } from "commander";
import { messageOf, UsageError, UserError } from "../base/errors.ts";
import { printable } from "../base/printable.ts";
import { codeOf } from "../files/failure.ts";
import { Interruption } from "./interruption.ts";
import { mindStandardStreams } from "./standard-streams.ts";

const EXIT = { failure: 1, usage: 2, interrupted: 130 };

interface CommandEntry {
  readonly description: string;
  load(): Promise<Command>;
}

/** A command's module is loaded only when the command is asked for: --help does not wait for ONNX Runtime. */
const commands: Readonly<Record<string, CommandEntry>> = {
  train: {
    description: "train a network, draw with it and write a report",
    load: async () => (await import("./commands/train.ts")).trainCommand(),
  },
  distil: {
    description: "teach a network to draw as another does, in fewer steps",
    load: async () => (await import("./commands/distil.ts")).distilCommand(),
  },
  teach: {
    description: "teach a model a few drawings of your own, in a small file beside it",
    load: async () => (await import("./commands/teach.ts")).teachCommand(),
  },
  sample: {
    description: "draw with a trained network",
    load: async () => (await import("./commands/sample.ts")).sampleCommand(),
  },
  evaluate: {
    description: "measure drawings against real ones: FID, KID, precision, recall, recognition, novelty",
    load: async () => (await import("./commands/evaluate.ts")).evaluateCommand(),
  },
  compare: {
    description: "train several kinds of models for the same time and measure them side by side",
    load: async () => (await import("./commands/compare.ts")).compareCommand(),
  },
  export: {
    description: "write a model for other programs: ONNX, safetensors",
    load: async () => (await import("./commands/export.ts")).exportCommand(),
  },
  classifier: {
    description: "train or test the network that the metrics look with",
    load: async () => (await import("./commands/classifier.ts")).classifierCommand(),
  },
  data: {
    description: "look at drawings: list, fetch, split, show",
    load: async () => (await import("./commands/data.ts")).dataCommand(),
  },
  bench: {
    description: "measure this machine: training, reading, drawing",
    load: async () => (await import("./commands/bench.ts")).benchCommand(),
  },
  start: {
    description: "a gallery by the model that ships: what npm start does",
    load: async () => (await import("./commands/start.ts")).startCommand(),
  },
};

const { version } = createRequire(import.meta.url)("../../package.json");

const program = new Command("cizgi")
  .description("Draws as people draw: diffusion models on the strokes of Quick, Draw!")
  .version(version)
  .addHelpText(
    "after",
    "\nExamples:\n  cizgi sample cat --count 16 --out cats.png\n  cizgi train\n  cizgi data show rabbit",
  )
  // Options after a command's name are that command's: bench has some of its own.
  .enablePositionalOptions()
  .showHelpAfterError("(cizgi --help, or cizgi COMMAND --help, says what there is)")
  .exitOverride();

/** The exit code for what went wrong, after telling the user about it. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  if (error instanceof Error && error.name === "AbortError") {
    process.stderr.write("interrupted\n");
    // Where it was Node's own work that was interrupted, the reason is its cause.
    const reason = error.cause ?? error;
    return reason instanceof Interruption ? reason.exitCode : EXIT.interrupted;
  }
  // The reader of a named pipe has seen enough.
  if (codeOf(error) === "EPIPE") return 0;
  const message = error instanceof UserError ? error.message : ((error as Error)?.stack ?? messageOf(error));
  process.stderr.write(`error: ${printable(message)}\n`);
  return error instanceof UsageError ? EXIT.usage : EXIT.failure;
}

mindStandardStreams(report);

/** Settings are loaded only where there is one to look at. */
async function warnOfVariables(): Promise<void> {
  const { argv, env } = process;
  if (argv.includes("--quiet") || !Object.keys(env).some((name) => name.startsWith("CIZGI_"))) return;
  const { unknownVariables } = await import("./environment.ts");
  for (const sentence of unknownVariables(env)) process.stderr.write(`warning: ${printable(sentence)}\n`);
}

const asked = process.argv.slice(2).find((word) => Object.hasOwn(commands, word));

try {
  await warnOfVariables();
  for (const [name, { description, load }] of Object.entries(commands)) {
    const command = name === asked ? await load() : new Command(name);
    for (const each of [command, ...command.commands]) each.copyInheritedSettings(program);
    program.addCommand(command.description(description));
  }
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
