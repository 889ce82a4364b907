// Teaches the model that ships a few drawings of your own, and draws more of them.
// npx tsx examples/07-teach.ts NAME DRAWINGS…      DRAWINGS: files such as snails.svg or snails.ndjson
import { writeFile } from "node:fs/promises";
import {
  adapt,
  gridSvg,
  importSketches,
  inColumns,
  loadModel,
  sample,
  saveAdapter,
  teach,
  toPng,
} from "cizgi";

const [category, ...files] = process.argv.slice(2);
if (category === undefined || files.length === 0)
  throw new Error("say what to teach, and with which files: NAME DRAWINGS…");
const model = await loadModel();
const drawings = await importSketches(files);

for await (const event of teach({ category, drawings, model })) {
  if (event.kind === "step") {
    if (event.heldOutLoss !== undefined)
      console.log(`step ${event.step} of ${event.steps}: loss ${event.loss.toFixed(4)}`);
    continue;
  }
  // A file of some 250 KB; `loadAdapters` reads it again, and `cizgi sample NAME --adapter my-doodles` draws with it.
  console.log(await saveAdapter("my-doodles", event.adapter));
  console.log(`copies: ${Math.round(100 * event.likeness.copies)} %`);
  const drawn = [];
  for await (const sketch of sample(await adapt(model, event.adapter), { category, count: 16 }))
    drawn.push(sketch);
  await writeFile("taught.png", toPng(gridSvg(inColumns(drawn, 4), { title: category })));
}
