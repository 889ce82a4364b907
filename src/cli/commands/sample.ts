import { stat } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { Command, Option } from "commander";
import { collect } from "../../base/collect.ts";
import { UsageError } from "../../base/errors.ts";
import { listed } from "../../base/listed.ts";
import { wholeNumber } from "../../base/numbers.ts";
import { requireCategory } from "../../data/catalogue.ts";
import type { SamplerName } from "../../diffusion/samplers.ts";
import { ensureWritableFolder, writeFileAtomically } from "../../files/atomic.ts";
import { fileName } from "../../files/name.ts";
import { loadModel, SHIPPED_MODEL } from "../../node/model.ts";
import { sample } from "../../node/sample.ts";
import { replayGif } from "../../render/gif.ts";
import { gridSvg, inColumns } from "../../render/grid.ts";
import { toPng } from "../../render/png.ts";
import { toSvg } from "../../render/svg.ts";
import type { Device } from "../../runtime/devices.ts";
import type { GeneratedSketch } from "../../sampling/draw.ts";
import { toNdjson } from "../../sampling/ndjson.ts";
import { MOST_DRAWINGS, seedKey } from "../../sampling/request.ts";
import { settingsOf } from "../../sampling/settings.ts";
import { addDeviceFlags, addOutputFlags, type CommonFlags, interruptSignal } from "../common.ts";
import { addDrawFlags, choiceFlag, schemaFlag } from "../options.ts";
import { output } from "../output.ts";
import { progressBar } from "../progress.ts";

const formats = ["png", "svg", "gif", "ndjson"] as const;
type Format = (typeof formats)[number];

interface SampleFlags extends CommonFlags {
  category?: string;
  model: string;
  count: number;
  steps?: number;
  guidance?: number;
  sampler?: SamplerName;
  eta?: number;
  seed: number;
  format?: Format;
  out?: string;
  dryRun?: boolean;
  device: Device;
  threads: number;
}

export function sampleCommand(): Command {
  const command = new Command("sample")
    .argument("[category]", "what to draw")
    .option("--category <name>", "what to draw, as a flag")
    .option("--model <path>", "a model or run folder; the one that ships unless given", SHIPPED_MODEL)
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
    .option("--dry-run", "say what would be drawn and stop");
  addDeviceFlags(addOutputFlags(addDrawFlags(command)));
  return command
    .addHelpText(
      "after",
      `
Several drawings in one .png or .svg make a grid; in a .gif the first one is drawn stroke by stroke.

Examples:
  cizgi sample cat --count 16 --out cats.png
  cizgi sample bus --seed 7 --out bus.gif
  cizgi sample rabbit --count 100 --out rabbits/ --format svg
  cizgi sample cat --count 1000 --out - --format ndjson > cats.ndjson`,
    )
    .action(run);
}

async function run(argument: string | undefined, flags: SampleFlags): Promise<void> {
  const to = output(flags);
  const model = await loadModel(flags.model);
  const { categories } = model.config;
  const asked = argument ?? flags.category;
  if (asked === undefined) {
    throw new UsageError(
      `say what to draw: ${listed(categories)}. For example: cizgi sample "${categories[0]}"`,
    );
  }
  const category = requireCategory(asked, categories, "this model");
  const { out = fileName(category, `.${flags.format ?? "png"}`), count, seed } = flags;
  const folder = out !== "-" && (out.endsWith("/") || (await isFolder(out)));
  const format = flags.format ?? (folder || out === "-" ? "png" : formatOf(out));
  const { steps, guidance, sampler, eta } = settingsOf(model.config, flags);
  if (flags.dryRun) {
    const plan = { category, count, seed, steps, guidance, sampler, eta, format, out, model: flags.model };
    to.result(
      `would draw ${count} x ${category} with ${steps} steps, guidance ${guidance}, seed ${seed} as ${format} to ${out}`,
      plan,
    );
    return;
  }

  const signal = interruptSignal();
  // Before anything is drawn: minutes of drawing shall not end at a folder that cannot be written to.
  if (out !== "-") await ensureWritableFolder(folder ? out : dirname(out));
  const bar = progressBar("draw", count, "drawings", flags.quiet === true);
  const onProgress = (share: number) => bar.update(Math.round(share * count));
  const { device, threads } = flags;
  const drawn = await collect(
    sample(model, {
      category,
      count,
      seed,
      steps,
      guidance,
      sampler,
      eta,
      device,
      threads,
      onProgress,
      signal,
    }),
  );
  bar.finish();

  if (folder) {
    for (const sketch of drawn) {
      await writeFileAtomically(
        join(out, fileName(category, `-${seed}-${sketch.index}.${format}`)),
        encode([sketch], format),
      );
    }
  } else if (out === "-") {
    process.stdout.write(encode(drawn, format));
    return;
  } else {
    await writeFileAtomically(out, encode(drawn, format));
  }
  to.result(out, { out, format, category, count, seed, steps, guidance, sampler, eta });
}

function encode(drawn: readonly GeneratedSketch[], format: Format): Uint8Array | string {
  const [first] = drawn;
  if (format === "ndjson") return drawn.map(toNdjson).join("");
  if (format === "gif") return replayGif(first);
  const columns = Math.ceil(Math.sqrt(drawn.length));
  const svg =
    drawn.length === 1 ? toSvg(first) : gridSvg(inColumns(drawn, columns), { title: first.word ?? "" });
  return format === "svg" ? svg : toPng(svg);
}

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

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
