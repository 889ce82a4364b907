import { join } from "node:path";
import { Command } from "commander";
import { collect } from "../../base/collect.ts";
import { requireDenoiser } from "../../families/denoisers.ts";
import { lockFolder } from "../../files/lock.ts";
import { loadModel } from "../../node/model.ts";
import { openSession } from "../../node/sample.ts";
import { writeGallery } from "../../report/gallery.ts";
import type { GalleryRow } from "../../report/gallery-page.ts";
import { interruptSignal } from "../common.ts";
import { output } from "../output.ts";
import { duration } from "../progress.ts";
import { shellQuoted, shippedModel } from "../shell.ts";

const ON_SHOW = [
  "cat",
  "bus",
  "rabbit",
  "hot air balloon",
  "bicycle",
  "snail",
  "sailboat",
  "face",
  "octopus",
  "umbrella",
  "apple",
  "ice cream",
];
const DRAWINGS = 8;
const SEED = 0;

/** Where `npm start` puts its gallery: a new folder each time, so that nothing is overwritten. */
const freshFolder = (): string =>
  `runs/gallery-${new Date().toISOString().slice(0, 19).replace(/[:T]/g, "-")}`;

/** The main job with nothing configured: what `npm start` runs. */
export const startCommand = (): Command =>
  new Command("start")
    .option("--out <folder>", "the gallery's folder; a new one in runs/ unless given")
    .addHelpText("after", "\nExamples:\n  cizgi start\n  cizgi start --out gallery")
    .action(run);

async function run({ out = freshFolder() }: { out?: string }): Promise<void> {
  const to = output({});
  const started = performance.now();
  const signal = interruptSignal();
  using _lock = await lockFolder(out);
  const model = await loadModel();
  const { steps, guidance } = requireDenoiser(model.config, "the model that ships").sampling;
  const bar = to.progress("draw", ON_SHOW.length * DRAWINGS, "drawings");
  const session = openSession(model);
  const rows: GalleryRow[] = [];
  for (const [i, category] of ON_SHOW.entries()) {
    const onProgress = (share: number) => bar.update(Math.round((i + share) * DRAWINGS), category);
    const sketches = await collect(
      session.sample({ category, count: DRAWINGS, seed: SEED, onProgress, signal }),
    );
    rows.push({ category, sketches });
  }
  await session.dispose();
  bar.finish();
  const how = `one network, ${model.config.categories.length} categories; seed ${SEED}, ${steps} steps, guidance ${guidance}; the first drawings, none picked`;
  await writeGallery(out, rows, how);
  to.note(`Done in ${duration((performance.now() - started) / 1000)}.`);
  to.result(
    `Look at ${join(out, "gallery.png")}, open ${join(out, "index.html")} to see them drawn.
Draw more:      npx cizgi sample ${shellQuoted("hot air balloon")} --count 16
Train your own: npx cizgi train --categories cat,bus,rabbit
Measure:        npx cizgi evaluate --model ${shippedModel()} --categories cat,bus,rabbit --count 300`,
    { out },
  );
}
