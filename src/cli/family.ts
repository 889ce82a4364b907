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
import { addConfigFlags, choiceFlag, flagOf, variableOf } from "./options.ts";
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
  if (isOld) to.note(`${file} is of an older cizgi; it will be written anew, by sections.`);
  if (family !== undefined && family !== config.network.family)
    throw new UserError(
      `${out} is a run of the family ${config.network.family}, now it is ${family}; leave --family out, or train anew in another folder.`,
    );
  return config;
}

type Settings = Readonly<Record<string, unknown>>;

const isSettings = (value: unknown): value is Settings => typeof value === "object" && value !== null;

/** The family that a file of settings names, and the other settings. */
function parted({ family: named, network, ...others }: Settings): { family: unknown; file: Settings } {
  if (!isSettings(network)) return { family: named, file: others };
  const { family = named, ...sizes } = network;
  return { family, file: { ...others, network: sizes } };
}

/** The preset of the family that a flag, a variable or a file names, the flag first. */
function presetWith({ family, preset, config }: FamilyFlags, inFile: unknown): RunConfig {
  const variable = variableOf("family");
  const [named, from] = family
    ? [family, "--family"]
    : process.env[variable]
      ? [process.env[variable], variable]
      : [inFile ?? DEFAULT_FAMILY, config];
  return presetOf(requireFamily(String(named), from).name, preset);
}

/** Refuses flags that only other families have, and says which variables are not for this one. */
function mindOthers(flags: FamilyFlags, family: string, to: Output): void {
  const own = settingsOf(requireFamily(family).runSchema).map(({ name }) => name);
  for (const other of Object.values(families))
    for (const { name } of settingsOf(other.runSchema)) {
      if (own.includes(name)) continue;
      if (name in flags)
        throw new UsageError(
          `${flagOf(name)} is a setting of the family ${other.name}, this run is of ${family}; leave it out.`,
        );
      if (process.env[variableOf(name)])
        to.note(`${variableOf(name)} is for the family ${other.name}: this run is of ${family}.`);
    }
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
  const { family, file } = parted(await readSettings(flags));
  const begun = flags.resume ? await begunWith(flags, to) : presetWith(flags, family);
  const { parseRun, runSchema, name } = requireFamily(begun.network.family);
  mindOthers(flags, name, to);
  const bound = settingsOf(runSchema)
    .filter(({ paths }) => paths[0]?.[0] === "network")
    .map((setting) => setting.name);
  const sources = {
    schema: runSchema,
    parse: parseRun,
    base: parseRun(flags.resume ? begun : change(begun), "configuration"),
    file,
    bound: [...bound, "batchSize", "seed", ...alsoBound],
  };
  return resolveConfig(sources, flags, to);
}
