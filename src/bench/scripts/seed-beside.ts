// Drawings of the preset `baseline` beside those of the model that ships, the first ones, none picked (README).
// npx tsx src/bench/scripts/seed-beside.ts DATA SEED-RUN MODEL PNG

import { writeFileSync } from "node:fs";
import { z } from "zod";
import { collect } from "../../base/collect.ts";
import { heldOutSplits } from "../../data/held-out.ts";
import { openSource } from "../../data/source.ts";
import { loadModel } from "../../node/model.ts";
import { openSession } from "../../node/sample.ts";
import { type GridRow, gridSvg } from "../../render/grid.ts";
import { toPng } from "../../render/png.ts";
import type { Sketch } from "../../sketch/sketch.ts";
import { scriptArguments } from "./arguments.ts";

const CATEGORIES = ["cat", "bus", "rabbit"];
const COLUMNS = 4;

const [data, seedRun, ships, picture] = scriptArguments(
  z.tuple([z.string(), z.string(), z.string(), z.string()]),
  "seed-beside.ts DATA SEED-RUN MODEL PNG",
);
const source = await openSource(data);

async function drawn(path: string, category: string): Promise<Sketch[]> {
  const session = openSession(await loadModel(path));
  const sketches = await collect(session.sample({ category, count: COLUMNS }));
  await session.dispose();
  return sketches;
}

const rows: GridRow[] = [];
for await (const { category, heldOut } of heldOutSplits(source, {
  categories: CATEGORIES,
  fraction: 0.15,
  mostTraining: 0,
})) {
  process.stderr.write(`${category}\n`);
  const [seed, model] = [await drawn(seedRun, category), await drawn(ships, category)];
  rows.push({ label: category, sketches: [...heldOut.slice(0, COLUMNS), ...seed, ...model] });
}
const groups = ["people, held out", "seed, 30 minutes", "the model that ships"].map((heading) => ({
  heading,
  columns: COLUMNS,
}));
const title = "What the seed did, on the same data";
writeFileSync(
  picture,
  toPng(gridSvg(rows, { title, subtitle: "the first drawings, none picked", groups, cell: 112 })),
);
