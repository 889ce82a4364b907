// Measures drawings by a model against held-out real ones, beside the floor: what real drawings score.
// npx tsx examples/06-evaluate.ts [DATA] [DRAWINGS-A-CATEGORY] [CATEGORY …]      DATA: a folder, an address or "synthetic"
import {
  evaluate,
  evaluationTable,
  heldOutSplits,
  loadModel,
  openClassifier,
  openSession,
  openSource,
  type Sketch,
} from "cizgi";

const [data = "synthetic", drawings = "20", ...asked] = process.argv.slice(2);
const categories = asked.length > 0 ? asked : ["cat", "bus", "rabbit"];
const each = Number(drawings);

const real: Sketch[] = [];
const training: Sketch[] = [];
const drawn: Sketch[] = [];
const session = openSession(await loadModel());
const wanted = { categories, fraction: 0.15, mostTraining: each };
for await (const { category, train, heldOut } of heldOutSplits(await openSource(data), wanted)) {
  real.push(...heldOut.slice(0, each));
  training.push(...train);
  for await (const sketch of session.sample({ category, count: each })) drawn.push(sketch);
}
await session.dispose();
const { evaluation } = await evaluate({
  network: await openClassifier(),
  categories,
  labels: categories.flatMap((_, label) => new Array<number>(each).fill(label)),
  reference: { name: "held out", description: `held-out drawings of ${data}`, sketches: real },
  floor: { name: "real", description: `training drawings of ${data}`, sketches: training },
  training,
  generated: [{ name: "drawn", description: "by the model that ships", sketches: drawn }],
  seed: 0,
});
console.log(evaluationTable(evaluation));
