import { dirname, join } from "node:path";
import { Command } from "commander";
import { at } from "../../base/at.ts";
import { collect } from "../../base/collect.ts";
import { UsageError } from "../../base/errors.ts";
import { CATEGORIES, requireCategory } from "../../data/catalogue.ts";
import { newReadReport } from "../../data/read/report.ts";
import type { ReadOptions, Source } from "../../data/source.ts";
import { splitLines } from "../../data/split.ts";
import { seedKey } from "../../families/request.ts";
import { ensureWritableFolder, writeFileAtomically } from "../../files/atomic.ts";
import { fileName } from "../../files/name.ts";
import { pointCount } from "../../sketch/sketch.ts";
import { importSketches } from "../../workflows/import-sketches.ts";
import type { Progress } from "../../workflows/reporter.ts";
import { chooseSource, namesIn, noteSkips } from "../../workflows/source.ts";
import { addOutputFlags, type CommonFlags, interruptSignal } from "../common.ts";
import { integerFlag, numberFlag, schemaFlag } from "../options.ts";
import { type Output, output } from "../output.ts";

interface DataFlags extends CommonFlags {
  data?: string;
  limit?: number;
  out: string;
  seed: number;
}

const SOURCE_HELP = 'a folder, an address or "synthetic"; else CIZGI_DATA, the cache, the bucket, synthetic';

export function dataCommand(): Command {
  const data = new Command("data").addHelpText(
    "after",
    "\nExamples:\n  cizgi data list\n  cizgi data fetch cat bus rabbit --limit 1000\n  cizgi data show cat",
  );
  const sub = (name: string, description: string) =>
    addOutputFlags(data.command(name).description(description))
      .option("--data <place>", SOURCE_HELP)
      .option("--limit <n>", "drawings read of each category", integerFlag("--limit", 1));

  addOutputFlags(data.command("list").description("the categories of Quick, Draw!, or of --data"))
    .option("--data <place>", SOURCE_HELP)
    .addHelpText("after", "\nExamples:\n  cizgi data list\n  cizgi data list --data quickdraw/simplified")
    .action(list);
  sub("fetch", "read categories through, filling the cache, and say what was found")
    .argument("<categories...>")
    .addHelpText(
      "after",
      "\nExamples:\n  cizgi data fetch cat bus rabbit\n  cizgi data fetch cat --limit 1000",
    )
    .action(fetch);
  sub("split", "write the seed's split into training and held-out lines: OUT/<category>/indices.json")
    .argument("<categories...>")
    .option("--out <folder>", "where to write", "subset")
    .option("--seed <n>", "seed of the split", schemaFlag("--seed", seedKey), 42)
    .addHelpText("after", "\nExample:\n  cizgi data split cat bus rabbit --out subset")
    .action(split);
  addOutputFlags(
    data.command("import").description("turn drawings of other programs into a file of drawings"),
  )
    .argument("<files...>", "SVG, Excalidraw, tldraw, InkML, or drawings in a form of data")
    .requiredOption("--category <name>", "what they are drawings of")
    .requiredOption("--out <file>", "an .ndjson file")
    .option("--each-group", "every group at the top is a drawing of its own")
    .option(
      "--tolerance <distance>",
      "how far lines may lie from curves, in the drawing's unit; 1/512 of its longer side unless given",
      numberFlag("--tolerance", 0),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  cizgi data import my-doodles/*.svg --category snail --out snails/snail.ndjson\n  cizgi data show snail --data snails",
    )
    .action(importFiles);
  sub("show", "a picture of the first drawings of a category")
    .argument("<category>")
    .option("--out <file>", "a .png or .svg file", "drawings.png")
    .addHelpText("after", "\nExample:\n  cizgi data show rabbit --limit 40 --out rabbits.png")
    .action(show);
  return data;
}

/** The source and its own names of the categories. */
async function open(
  { data, limit }: Partial<DataFlags>,
  categories: readonly string[],
  to: Output,
  signal: AbortSignal,
): Promise<{ source: Source; wanted: string[] }> {
  const known = data ? categories : categories.map((category) => requireCategory(category));
  const source = await chooseSource(data ?? "", { categories: known, limit }, to, signal);
  return { source, wanted: await namesIn(source, categories) };
}

async function list(flags: CommonFlags & { data?: string }): Promise<void> {
  const to = output(flags);
  const categories = flags.data
    ? await (await chooseSource(flags.data, { categories: [] }, to)).categories()
    : CATEGORIES;
  to.result(categories.join("\n"), categories);
}

/** Reads a category to its end (or the limit), showing progress; tells what could not be read. */
async function* readCategory(source: Source, category: string, options: ReadOptions, to: Output) {
  const { report = newReadReport() } = options;
  let bar: Progress | undefined;
  const onProgress = ({
    bytes,
    totalBytes,
    drawings,
  }: {
    bytes: number;
    totalBytes?: number | undefined;
    drawings: number;
  }) => {
    bar ??= to.progress(category, totalBytes && Math.ceil(totalBytes / 1e6), "MB");
    bar.update(Math.round(bytes / 1e6), `${drawings} drawings`);
  };
  for await (const { sketch } of source.drawings(category, {
    ...options,
    report,
    onProgress,
    onNotice: to.note,
  })) {
    yield sketch;
  }
  bar?.finish();
  noteSkips(category, report, to);
}

async function fetch(categories: string[], flags: DataFlags): Promise<void> {
  const to = output(flags);
  const signal = interruptSignal();
  const { source, wanted } = await open(flags, categories, to, signal);
  for (const category of wanted) {
    let drawings = 0;
    let points = 0;
    let strokes = 0;
    for await (const sketch of readCategory(source, category, { limit: flags.limit, signal }, to)) {
      drawings++;
      points += pointCount(sketch);
      strokes += sketch.strokes.length;
    }
    const text = `${category}: ${drawings} drawings, ${(strokes / drawings).toFixed(1)} strokes and ${(points / drawings).toFixed(1)} points each on average`;
    to.result(text, { category, drawings, strokes, points, source: source.description });
  }
}

async function split(categories: string[], flags: DataFlags): Promise<void> {
  const to = output(flags);
  await ensureWritableFolder(flags.out);
  const signal = interruptSignal();
  const { source, wanted } = await open(flags, categories, to, signal);
  const requests: { category: string; total: number }[] = [];
  for (const category of wanted) {
    const report = newReadReport();
    for await (const _ of readCategory(source, category, { limit: flags.limit, report, signal }, to));
    requests.push({ category, total: report.lines });
  }
  for (const [category, { train, test }] of splitLines(requests, flags.seed)) {
    const path = join(flags.out, fileName(category), "indices.json");
    await ensureWritableFolder(dirname(path));
    await writeFileAtomically(path, `${JSON.stringify({ train, test })}\n`);
    to.result(`${path}: ${train.length} for training, ${test.length} held out`, {
      path,
      train: train.length,
      test: test.length,
    });
  }
}

async function importFiles(
  files: string[],
  flags: CommonFlags & { category: string; out: string; eachGroup?: boolean; tolerance?: number },
): Promise<void> {
  const { category, out, eachGroup, tolerance } = flags;
  const to = output(flags);
  if (!/\.ndjson$/i.test(out)) throw new UsageError(`--out takes an .ndjson file, found "${out}".`);
  if (tolerance === 0) throw new UsageError("--tolerance: expected more than 0.");
  await ensureWritableFolder(dirname(out));
  const sketches = await importSketches(files, { eachGroup, tolerance }, to);
  const lines = sketches.map(({ strokes }) => ({
    word: category,
    drawing: strokes.map(({ x, y, t }) =>
      [x, y, ...(t === undefined ? [] : [t])].map((row) => row.map(shortened)),
    ),
  }));
  await writeFileAtomically(out, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  to.result(`${out}: ${sketches.length} drawings of ${category}`, {
    path: out,
    category,
    drawings: sketches.length,
  });
}

/** To seven digits, as many as float32 has. */
const shortened = (value: number): number => Number(value.toPrecision(7));

async function show(category: string, flags: DataFlags): Promise<void> {
  const [{ gridSvg, inColumns }, { toPng }] = await Promise.all([
    import("../../render/grid.ts"),
    import("../../render/png.ts"),
  ]);
  const to = output(flags);
  if (!/\.(png|svg)$/i.test(flags.out))
    throw new UsageError(`--out takes a .png or .svg file, found "${flags.out}".`);
  const limit = flags.limit ?? 20;
  await ensureWritableFolder(dirname(flags.out));
  const signal = interruptSignal();
  const { source, wanted } = await open({ ...flags, limit }, [category], to, signal);
  const name = at(wanted, 0);
  const sketches = await collect(readCategory(source, name, { limit, signal }, to));
  const svg = gridSvg(inColumns(sketches, Math.min(10, Math.ceil(Math.sqrt(2 * sketches.length)))), {
    title: name,
    subtitle: `${sketches.length} drawings from ${source.description}`,
  });
  await writeFileAtomically(flags.out, /\.svg$/i.test(flags.out) ? svg : toPng(svg));
  to.result(flags.out, { path: flags.out, drawings: sketches.length });
}
