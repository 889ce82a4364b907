import { type Command, Option } from "commander";
import { UsageError, UserError } from "../base/errors.ts";
import { settingsOf } from "../base/settings.ts";
import { presetOf, readRunConfig } from "../families/configure.ts";
import {
  DEFAULT_FAMILY,
  families,
  familyNames,
  type RunConfig,
  requireFamily,
} from "../families/registry.ts";
import { readJson } from "../files/json.ts";
import { configFile } from "../training/run.ts";
import type { RunFlags } from "./common.ts";
import { readSettings, resolveConfig } from "./config-file.ts";
import { addConfigFlags, choiceFlag, variableOf } from "./options.ts";
import type { Output } from "./output.ts";

/** The family that is named where flags are not parsed yet, to show its settings by --help. */
function askedFamily(args: readonly string[]): string {
  const at = args.findIndex((arg) => arg === "--family" || arg.startsWith("--family="));
  const named = args[at]?.split("=")[1] ?? (at < 0 ? process.env[variableOf("family")] : args[at + 1]);
  return named !== undefined && Object.hasOwn(families, named) ? named : DEFAULT_FAMILY;
}

/** Gives a command the flags of every family's settings; its help shows those of the one that is asked for. */
export function addFamilyFlags(command: Command): void {
  const asked = requireFamily(askedFamily(process.argv));
  command.addOption(
    new Option(
      `--family <${familyNames.join("|")}>`,
      `the kind of model, ${DEFAULT_FAMILY} unless given (${variableOf("family")})`,
    ).argParser(choiceFlag("--family", familyNames)),
  );
  const others = Object.values(families).filter((family) => family.name !== asked.name);
  addConfigFlags(command, asked.runSchema, ...others.map(({ runSchema }) => runSchema));
}

interface FamilyFlags extends RunFlags {
  readonly family?: string;
  readonly preset?: string;
}

/** The configuration that a run that is resumed was begun with; says so where an older cizgi wrote it. */
async function begunWith({ out, family }: FamilyFlags, to: Output): Promise<RunConfig> {
  const file = configFile(out);
  const { config, isOld } = readRunConfig(await readJson(file), file);
  if (isOld) to.note(`${file} is of an older cizgi; it is written anew, by sections.`);
  if (family !== undefined && family !== config.network.family)
    throw new UserError(
      `${out} is a run of the family ${config.network.family}, now it is ${family}; leave --family out, or train anew in another folder.`,
    );
  return config;
}

async function presetWith(flags: FamilyFlags): Promise<RunConfig> {
  const { family: inFile, network } = await readSettings(flags);
  const inSection =
    typeof network === "object" && network !== null && "family" in network ? network.family : undefined;
  const named = flags.family ?? process.env[variableOf("family")] ?? inFile ?? inSection ?? DEFAULT_FAMILY;
  return presetOf(String(named), flags.preset);
}

/** Refuses flags of other families. */
function refuseOthers(flags: object, family: string): void {
  const own = settingsOf(requireFamily(family).runSchema).map(({ name }) => name);
  for (const other of Object.values(families))
    for (const { name } of settingsOf(other.runSchema))
      if (!own.includes(name) && name in flags)
        throw new UsageError(
          `${name} is a setting of the family ${other.name}, this run is of ${family}; leave it out, or add --family ${other.name}.`,
        );
}

/**
 * The configuration of a run by its flags, its file, the environment and a preset.
 * @param change what of the preset is another for this command.
 * @param alsoBound settings that a run of this command cannot go on without, beside those of every training.
 */
export async function resolveRun(
  flags: FamilyFlags,
  to: Output,
  change: (base: RunConfig) => unknown = (base) => base,
  alsoBound: readonly string[] = [],
): Promise<RunConfig> {
  const begun = flags.resume ? await begunWith(flags, to) : await presetWith(flags);
  const { parseRun, runSchema, name } = requireFamily(begun.network.family);
  refuseOthers(flags, name);
  const bound = settingsOf(runSchema)
    .filter(({ paths: [[section]] }) => section === "network")
    .map((setting) => setting.name);
  const sources = {
    schema: runSchema,
    parse: parseRun,
    base: parseRun(flags.resume ? begun : change(begun), "configuration"),
    bound: [...bound, "batchSize", "seed", ...alsoBound],
  };
  return resolveConfig(sources, flags, to);
}
