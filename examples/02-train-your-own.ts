// Trains on drawings of your own: here spirals, made on the spot; anything that is a Sketch will do.
// npx tsx examples/02-train-your-own.ts [FOLDER] [EPOCHS]
import { configure, type Sketch, train } from "cizgi";

const [folder = "runs/spirals", epochs = "40"] = process.argv.slice(2);

function spiral(turns: number, squeeze: number): Sketch {
  const angles = Array.from({ length: 32 }, (_, i) => (i / 31) * turns * 2 * Math.PI);
  const x = angles.map((angle) => squeeze * angle * Math.cos(angle));
  return { strokes: [{ x, y: angles.map((angle) => angle * Math.sin(angle)) }] };
}
const sketches = Array.from({ length: 512 }, (_, i) => spiral(1.5 + (i % 11) / 8, 0.5 + (i % 13) / 24));

const config = configure("quick", { points: 32, simplify: 0, baseChannels: 32, epochs: Number(epochs) });
const drawings = [{ category: "spiral", sketches }];
for await (const event of train({ folder, config, drawings })) {
  if (event.kind !== "step" || event.report.epochEnd === undefined) continue;
  console.log(`epoch ${event.report.epoch + 1}: loss ${event.report.epochEnd.loss.toFixed(4)}`);
}
console.log(`npx tsx examples/01-draw.ts ${folder} draws with it.`);
