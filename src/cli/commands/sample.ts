import { stat } from "node:fs/promises";
import { extname } from "node:path";
import { Command, Option } from "commander";
import { at } from "../../base/at.ts";
import { UsageError } from "../../base/errors.ts";
import { listed } from "../../base/listed.ts";
import { wholeNumber } from "../../base/numbers.ts";
import { CATEGORIES, requireCategory } from "../../data/catalogue.ts";
import { adapt } from "../../families/adapter.ts";
import { drawSettingsOf, inWords } from "../../families/draw-settings.ts";
import { type DrawSettings, MOST_DRAWINGS, seedKey } from "../../families/request.ts";
import { fileName } from "../../files/name.ts";
import { loadAdapters } from "../../node/adapter.ts";
import { loadModel, SHIPPED_MODEL } from "../../node/model.ts";
import { sample } from "../../node/sample.ts";
import type { Millimetres } from "../../render/options.ts";
import type { Device } from "../../runtime/devices.ts";
import { addDeviceFlags, addOutputFlags, type CommonFlags, interruptSignal } from "../common.ts";
import { type Format, formats, openDestination } from "../destination.ts";
import { addModelFlags, type ModelFlags, modelPath } from "../model-flags.ts";
import { addDrawFlags, choiceFlag, schemaFlag } from "../options.ts";
import { output } from "../output.ts";
import { shellQuoted } from "../shell.ts";

interface SampleFlags extends CommonFlags, ModelFlags, Partial<DrawSettings> {
  category?: string;
  adapter?: string;
  count: number;
  seed: number;
  format?: Format;
  paper?: "none";
  size?: Millimetres;
  animated?: boolean;
  out?: string;
  dryRun?: boolean;
  device: Device;
  threads: number;
}

export function sampleCommand(): Command {
  const command = addModelFlags(
    new Command("sample")
      .argument("[category]", "what to draw")
      .option("--category <name>", "what to draw, as a flag"),
  )
    .option("--adapter <path>", "what was taught to the model: a folder of adapters, or one's file")
    .option("--count <n>", "how many drawings", schemaFlag("--count", wholeNumber(1, MOST_DRAWINGS)), 1)
    .option("--seed <n>", "the same seed gives the same drawings", schemaFlag("--seed", seedKey), 0)
    .addOption(
      new Option("--format <name>", `${formats.join(", ")}; else by the ending of --out`).argParser(
        choiceFlag("--format", formats),
      ),
    )
    .option(
      "--out <path>",
      "a file, a folder for one file a drawing, or - for stdout; <category>.png unless given",
    )
    .addOption(
      new Option(
        "--paper <name>",
        "none: an SVG of strokes alone, without page and title, for plotters",
      ).argParser(choiceFlag("--paper", ["none"])),
    )
    .option("--size <length>", "the longer side of an SVG on paper, such as 100mm", millimetresFlag)
    .option("--animated", "an SVG of one drawing that draws itself stroke by stroke")
    .option("--dry-run", "say what would be drawn and stop");
  addDeviceFlags(addOutputFlags(addDrawFlags(command)));
  return command
    .addHelpText(
      "after",
      `
Several drawings in one .png or .svg make a grid; in a .gif the first one is drawn stroke by stroke.
Lines of .ndjson and the files of a folder are written as they are drawn: Ctrl-C keeps those that are done.

Examples:
  cizgi sample cat --count 16 --out cats.png
  cizgi sample bus --seed 7 --out bus.gif
  cizgi sample bus --seed 7 --animated --out bus.svg
  cizgi sample rabbit --count 100 --out rabbits/ --format svg
  cizgi sample cat --count 1000 --out - --format ndjson > cats.ndjson
  cizgi sample cat --family latent --count 16 --out latent.png
  cizgi sample snail --adapter my-doodles --count 16
  cizgi sample bicycle --paper none --size 100mm --out bicycle.svg`,
    )
    .action(run);
}

async function run(argument: string | undefined, flags: SampleFlags): Promise<void> {
  const to = output(flags);
  const path = modelPath(flags);
  const base = await loadModel(path);
  const adapters = flags.adapter === undefined ? [] : await loadAdapters(flags.adapter);
  const taught = adapters.map(({ config }) => config.category);
  const categories = flags.adapter === undefined ? base.config.categories : taught;
  const asked = argument ?? flags.category;
  if (asked === undefined) {
    const by = flags.adapter
      ? ` --adapter ${shellQuoted(flags.adapter)}`
      : flags.family
        ? ` --family ${flags.family}`
        : path === SHIPPED_MODEL
          ? ""
          : ` --model ${shellQuoted(path)}`;
    throw new UsageError(
      `say what to draw: ${listed(categories)}. For example: npx cizgi sample ${shellQuoted(at(categories, 0))}${by}`,
    );
  }
  const category = requireCategory(
    asked,
    categories,
    ...(flags.adapter ? taughtIn(flags.adapter) : flags.family ? shippedOf(flags.family) : ["this model"]),
  );
  const adapter = adapters.find(({ config }) => config.category === category);
  const model = adapter ? await adapt(base, adapter) : base;
  const { out = fileName(category, `.${flags.format ?? "png"}`), count, seed } = flags;
  const folder = out !== "-" && (out.endsWith("/") || (await isFolder(out)));
  const format = flags.format ?? (folder || out === "-" ? "png" : formatOf(out));
  for (const flag of ["paper", "size", "animated"] as const)
    if (flags[flag] !== undefined && format !== "svg")
      throw new UsageError(
        `--${flag} is for SVG, found the format ${format}; leave it out, or add --format svg.`,
      );
  if (flags.animated && count > 1 && !folder)
    throw new UsageError(
      `--animated is for one drawing a file, found --count ${count}; give --out a folder, such as ${shellQuoted(`${category}/`)}.`,
    );
  const settings = drawSettingsOf(model.config, flags);
  if (flags.dryRun) {
    const plan = { category, count, seed, ...settings, format, out, model: path };
    to.result(
      `would draw ${count} x ${category} with ${inWords(settings)}, seed ${seed}, as ${format} to ${out}`,
      plan,
    );
    return;
  }

  const signal = interruptSignal();
  const destination = await openDestination(out, folder, { ...flags, format });
  const bar = to.progress("draw", count, "drawings");
  const onProgress = (share: number) => bar.update(Math.round(share * count));
  const { device, threads } = flags;
  const request = { category, count, seed, ...settings, device, threads, onProgress, signal };
  let done = 0;
  try {
    for await (const sketch of sample(model, request)) {
      await destination.take(sketch);
      done++;
    }
  } catch (error) {
    bar.finish();
    const place = await destination.stop();
    if (place !== undefined) to.note(`Kept ${done} of ${count} drawings: ${place}`);
    else if (done > 0)
      to.note(`${done} of ${count} drawings were drawn, too few for the picture; none is kept.`);
    throw error;
  }
  bar.finish();
  await destination.finish();
  if (out !== "-") to.result(out, { out, format, category, count, seed, ...settings });
}

/** Where a category was looked for, and where there are more. */
const taughtIn = (adapters: string): [where: string, elsewhere: string] => [
  adapters,
  "What the model itself knows it draws without --adapter.",
];

const shippedOf = (family: string): [where: string, elsewhere: string] => [
  `the model of the family ${family}`,
  `The model that draws without --family has all ${CATEGORIES.length} of Quick, Draw!; --model names one of your own.`,
];

function formatOf(out: string): Format {
  const ending = extname(out).slice(1).toLowerCase();
  const format = formats.find((name) => name === ending);
  if (format === undefined) {
    throw new UsageError(
      `--out ${out}: the ending says how to draw and must be one of .${formats.join(", .")}; or give --format.`,
    );
  }
  return format;
}

/** A length such as 100mm from a flag. */
function millimetresFlag(text: string): Millimetres {
  const length = /^(\d+(?:\.\d+)?)mm$/.exec(text);
  if (length === null || Number(length[1]) === 0)
    throw new UsageError(`--size takes a length such as 100mm, found "${text}".`);
  return `${Number(length[1])}mm`;
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
