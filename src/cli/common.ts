import { type Command, Option } from "commander";
import { plainName } from "../data/catalogue.ts";
import { describeReport, type ReadReport } from "../data/read/report.ts";
import { openSource, type Progress, resolveSource, type Source, type Wanted } from "../data/source.ts";
import { type Device, deviceKeys, devices } from "../runtime/devices.ts";
import { outlivesTerminal } from "./hangup.ts";
import { Interruption } from "./interruption.ts";
import { choiceFlag, numberFlag, schemaFlag } from "./options.ts";
import type { Output } from "./output.ts";
import { type ProgressBar, progressBar } from "./progress.ts";

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

/** The source at an address; without one, the best that there is for what is wanted, and why is said. */
export async function chooseSource(
  address: string,
  wanted: Wanted,
  to: Output,
  signal?: AbortSignal,
): Promise<Source> {
  let bar: ProgressBar | undefined;
  const options = {
    signal,
    onNotice: to.note,
    onProgress({ bytes, totalBytes = 0 }: Progress) {
      bar ??= progressBar("look through", undefined, "MB", to.quiet);
      bar.update(Math.round(bytes / 1e6), "", Math.ceil(totalBytes / 1e6));
    },
  };
  try {
    if (address !== "") return await openSource(address, process.env, options);
    const { source, why } = await resolveSource(wanted, process.env, options);
    to.note(why);
    return source;
  } finally {
    bar?.finish();
  }
}

/** Says what could not be read of a category, and what was read in another way than one would expect, if anything. */
export function noteSkips(category: string, report: ReadReport, to: Output): void {
  if (report.skips.size + report.notes.size > 0) to.note(`${category}: ${describeReport(report)}`);
}

/** Whether all that a source has is asked for. */
export const isAll = (categories: readonly string[]): boolean =>
  categories.length === 1 && plainName(categories[0]) === "all";

/**
 * A source's own names of categories, however they are spelled, and of all it has for "all"; throws a UserError for one
 * that it has not.
 */
export async function namesIn(source: Source, categories: readonly string[]): Promise<string[]> {
  if (isAll(categories)) return [...(await source.categories())];
  return Promise.all(categories.map((category) => source.find(category)));
}

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
