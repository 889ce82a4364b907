// Draws: every drawing as SVG, all of them as one PNG, the first one being drawn as GIF.
// npx tsx examples/01-draw.ts [CATEGORY] [FOLDER] [RUN]      RUN: the folder of a training run; else the model that ships
import { mkdir, writeFile } from "node:fs/promises";
import { type GeneratedSketch, gridSvg, inColumns, loadModel, replayGif, sample, toPng, toSvg } from "cizgi";

const [category = "hot air balloon", folder = "drawings", run] = process.argv.slice(2);
const model = await loadModel(run);
await mkdir(folder, { recursive: true });

const drawings: GeneratedSketch[] = [];
for await (const sketch of sample(model, { category, count: 10, seed: 7 })) {
  await writeFile(`${folder}/${category}-${sketch.index}.svg`, toSvg(sketch));
  drawings.push(sketch);
}
const grid = gridSvg(inColumns(drawings, 5), { title: category, subtitle: "seed 7" });
await writeFile(`${folder}/${category}.png`, toPng(grid));
await writeFile(`${folder}/${category}.gif`, replayGif(drawings[0]));
console.log(`${drawings.length} drawings of "${category}" in ${folder}`);
