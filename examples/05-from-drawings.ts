// Starts from drawings instead of noise: goes on from two strokes, varies a drawing, turns one thing into another.
// npx tsx examples/05-from-drawings.ts [FILE]
import { writeFile } from "node:fs/promises";
import { able, type GeneratedSketch, gridSvg, loadModel, openSession, type Stroke, toPng } from "cizgi";

const [file = "from-drawings.png"] = process.argv.slice(2);
const session = openSession(await loadModel());

async function all(drawings: AsyncIterable<GeneratedSketch>): Promise<GeneratedSketch[]> {
  const list: GeneratedSketch[] = [];
  for await (const drawing of drawings) list.push(drawing);
  return list;
}

// Two wheels, on a sheet of 256 x 256.
const circle = (cx: number, cy: number, radius: number): Stroke => {
  const angles = Array.from({ length: 13 }, (_, i) => (i * Math.PI) / 6);
  return {
    x: angles.map((angle) => cx + radius * Math.cos(angle)),
    y: angles.map((angle) => cy + radius * Math.sin(angle)),
  };
};
const strokes = [circle(68, 160, 40), circle(188, 160, 40)];
const completed = await all(able(session, "complete")({ strokes, category: "bicycle", count: 6 }));

const [sketch] = await all(session.sample({ category: "fish", seed: 1 }));
const varied = await all(able(session, "vary")({ sketch, category: "fish", strength: 0.5, count: 6 }));

const from = { category: "cat", seed: 3 };
const to = { category: "rabbit", seed: 4 };
const between = await all(able(session, "interpolate")({ from, to, count: 7 }));
await session.dispose();
const rows = [
  { label: "go on", sketches: [{ strokes }, ...completed] },
  { label: "vary", sketches: [sketch, ...varied] },
  { label: "from … to", sketches: between },
];
await writeFile(file, toPng(gridSvg(rows, { title: "From drawings" })));
console.log(`${rows.length} rows of drawings in ${file}`);
