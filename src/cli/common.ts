import { type Command, Option } from "commander";
import { type Device, deviceKeys, devices } from "../runtime/devices.ts";
import { outlivesTerminal } from "./hangup.ts";
import { Interruption } from "./interruption.ts";
import { choiceFlag, numberFlag, schemaFlag } from "./options.ts";

export interface CommonFlags {
  json?: boolean;
  quiet?: boolean;
}

/** What a training run needs beside its configuration. */
export interface RunFlags extends CommonFlags {
  out: string;
  /** A JSON file of configuration keys. */
  config?: string;
  resume?: boolean;
  dryRun?: boolean;
  /** Train about so long at most: with fewer epochs where the machine is slow. */
  minutes?: number;
  /** The same in the processor's time. */
  coreMinutes?: number;
  device: Device;
  threads: number;
}

export const addRunFlags = (command: Command, folder: string): Command =>
  command
    .option("--config <file>", "a JSON file of configuration keys")
    .option("--out <folder>", "the run's folder", folder)
    .option("--resume", "continue the run in --out from its newest checkpoint, with its own configuration")
    .option(
      "--minutes <n>",
      "train about so long at most: fewer epochs where the machine is slow",
      numberFlag("--minutes", 0),
    )
    .addOption(
      new Option("--core-minutes <n>", "the same in the processor's time, all threads together")
        .argParser(numberFlag("--core-minutes", 0))
        .conflicts("minutes"),
    )
    .option("--dry-run", "show the configuration and stop");

export const addOutputFlags = (command: Command): Command =>
  command
    .option("--json", "write the result as one line of JSON")
    .option("--quiet", "say nothing on stderr but errors");

export const addDeviceFlags = (command: Command): Command =>
  command
    .addOption(
      new Option("--device <name>", `where to compute: ${devices.join(", ")}`)
        .argParser(choiceFlag("--device", devices))
        .default("cpu"),
    )
    .addOption(
      new Option("--threads <n>", "threads of the CPU; 0: all cores")
        .argParser(schemaFlag("--threads", deviceKeys.threads))
        .default(0),
    );

/**
 * A signal that Ctrl-C, a polite kill or a closed terminal aborts, so that work can be saved first; a second Ctrl-C or
 * kill ends the process at once. A closed terminal may be told of twice, and is ignored where nohup asks for that.
 */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      const interruption = new Interruption(name);
      if (controller.signal.aborted) process.exit(interruption.exitCode);
      controller.abort(interruption);
    });
  }
  const outlives = outlivesTerminal();
  process.on("SIGHUP", () => {
    if (!outlives) controller.abort(new Interruption("SIGHUP"));
  });
  return controller.signal;
}
