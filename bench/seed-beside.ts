// Drawings of the preset `baseline` beside those of the model that ships, the first ones, none picked (README).
// npx tsx bench/seed-beside.ts DATA SEED-RUN MODEL PNG
import { writeFileSync } from "node:fs";
import {
  gridSvg,
  heldOutSplits,
  loadModel,
  openSession,
  openSource,
  type Sketch,
  toPng,
} from "../src/index.ts";

const CATEGORIES = ["cat", "bus", "rabbit"];
const COLUMNS = 4;

const [data, seedRun, ships, picture] = process.argv.slice(2);
const source = await openSource(data);

async function drawn(path: string, category: string): Promise<Sketch[]> {
  const session = openSession(await loadModel(path));
  const sketches: Sketch[] = [];
  for await (const sketch of session.sample({ category, count: COLUMNS })) sketches.push(sketch);
  await session.dispose();
  return sketches;
}

const rows = [];
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
