import { join } from "node:path";
import { ensureWritableFolder, writeFileAtomically } from "../files/atomic.ts";
import { fileName } from "../files/name.ts";
import { pixelFid, pixelKid, pixelVector } from "../metrics/pixel.ts";
import { seedSelection } from "../metrics/seed-selection.ts";
import { type LossSeries, lossChart } from "../render/chart.ts";
import { replayGif } from "../render/gif.ts";
import { gridSvg, inColumns } from "../render/grid.ts";
import type { Sketch } from "../sketch/sketch.ts";
import { writeJson, writePicture } from "./write.ts";

/** The seed's "pixel FID" and "pixel KID" of one selection of drawings against held-out real ones. */
interface PixelMetrics {
  readonly pixelFid: number;
  readonly pixelKid: number;
  /** Drawings on each side. */
  readonly generated: number;
  readonly real: number;
}

export interface CategoryMetrics {
  /** Every generated drawing. */
  readonly all: PixelMetrics;
  /** The seed's way: only the drawings its hand-written score likes best. */
  readonly cherryPicked: PixelMetrics;
}

const COLUMNS = 5;
const FINAL = 10;
const ANIMATIONS = 3;
/** The seed keeps the best 50 of 200. */
const KEPT_SHARE = 0.25;

/** Writes the grid of drawings made after an epoch: `<category>/epoch_<n>_grid`. */
export async function writeEpochGrid(
  folder: string,
  category: string,
  epoch: number,
  drawn: readonly Sketch[],
): Promise<void> {
  const place = join(folder, fileName(category));
  await ensureWritableFolder(place);
  const options = { title: category, subtitle: `after epoch ${epoch}` };
  await writePicture(join(place, `epoch_${epoch}_grid`), gridSvg(inColumns(drawn, COLUMNS), options));
}

export interface CategoryDrawings {
  readonly category: string;
  readonly generated: readonly Sketch[];
  /** Held-out real drawings. */
  readonly real: readonly Sketch[];
  /** What was measured of the category's training drawings, for `stats.json`. */
  readonly stats: unknown;
  /** How the generated drawings were made, below the title of their grid. */
  readonly subtitle: string;
}

/** Writes one category's part of the report in the seed's layout; gives its metrics. */
export async function writeCategoryReport(
  folder: string,
  drawings: CategoryDrawings,
): Promise<CategoryMetrics> {
  const { category, generated, real, stats, subtitle } = drawings;
  const place = (name: string) => join(folder, fileName(category), name);
  await ensureWritableFolder(join(folder, fileName(category)));
  const grid = (sketches: readonly Sketch[], title: string, below: string) =>
    gridSvg(inColumns(sketches.slice(0, FINAL), COLUMNS), { title, subtitle: below });
  await writePicture(place("final_grid"), grid(generated, category, subtitle));
  await writePicture(place("real_test_grid"), grid(real, category, "real drawings, held out from training"));
  for (const [i, sketch] of generated.slice(0, ANIMATIONS).entries()) {
    await writeFileAtomically(place(`generation_${i}.gif`), replayGif(sketch));
  }
  await writeJson(place("stats.json"), stats);
  const metrics = {
    all: pixelMetrics(real, generated),
    cherryPicked: pixelMetrics(real, seedSelection(generated, Math.ceil(generated.length * KEPT_SHARE))),
  };
  await writeJson(place("metrics.json"), metrics);
  return metrics;
}

function pixelMetrics(real: readonly Sketch[], generated: readonly Sketch[]): PixelMetrics {
  const [a, b] = [real.map(pixelVector), generated.map(pixelVector)];
  return {
    pixelFid: pixelFid(a, b),
    pixelKid: pixelKid(a, b),
    generated: generated.length,
    real: real.length,
  };
}

/** Writes what concerns all categories: the loss chart, `all_results.json` and one overview of all categories. */
export async function writeOverview(
  folder: string,
  results: Readonly<Record<string, CategoryMetrics>>,
  generated: readonly { category: string; generated: readonly Sketch[] }[],
  losses: readonly LossSeries[],
  subtitle: string,
): Promise<void> {
  await writePicture(
    join(folder, "training_loss"),
    lossChart({ series: losses, title: "Training loss", xLabel: "step", yLabel: "loss" }),
  );
  await writeJson(join(folder, "all_results.json"), results);
  const rows = generated.map((row) => ({ label: row.category, sketches: row.generated.slice(0, 8) }));
  await writePicture(join(folder, "overview"), gridSvg(rows, { title: "Drawn by the network", subtitle }));
}
