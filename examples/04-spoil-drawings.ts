// Spoils real drawings on purpose, to see how the measures of `cizgi evaluate` react (docs/metrics.md).
// npx tsx examples/04-spoil-drawings.ts [DATA] [FOLDER] [DRAWINGS-A-CATEGORY]
import { mkdir, writeFile } from "node:fs/promises";
import { heldOutSplits, openSource, permutation, type RandomStream, randomStream, type Stroke } from "cizgi";

const [data = "synthetic", folder = "spoiled", most = "40"] = process.argv.slice(2);

type Drawing = readonly Stroke[];
const shuffled = <T>(items: readonly T[], random: RandomStream) =>
  [...permutation(items.length, random)].map((i) => items[i]);
const jitter = (by: number) => (drawing: Drawing, random: RandomStream) => {
  const moved = (value: number) => value + by * random.normal();
  return drawing.map(({ x, y }) => ({ x: x.map(moved), y: y.map(moved) }));
};
const ways: Record<string, (drawing: Drawing, random: RandomStream, first: Drawing) => Drawing> = {
  ...Object.fromEntries([2, 4, 8, 16].map((by) => [`jitter-${by}`, jitter(by)])),
  "no-pen-lifts": (drawing) => [{ x: drawing.flatMap(({ x }) => x), y: drawing.flatMap(({ y }) => y) }],
  "strokes-shuffled": shuffled,
  "points-shuffled": (drawing, random) =>
    drawing.map(({ x, y }) => {
      const order = [...permutation(x.length, random)];
      return { x: order.map((i) => x[i]), y: order.map((i) => y[i]) };
    }),
  "one-repeated": (_drawing, _random, first) => first,
};

const source = await openSource(data);
const wanted = { categories: await source.categories(), fraction: 0.15, mostTraining: Number(most) };
for await (const { category, train } of heldOutSplits(source, wanted)) {
  for (const [seed, [way, spoil]] of Object.entries(ways).entries()) {
    const lines = train.map(({ strokes }, i) => {
      const spoiled = spoil(strokes, randomStream(seed, i), train[0].strokes);
      return `${JSON.stringify({ word: category, drawing: spoiled.map(({ x, y }) => [x, y]) })}\n`;
    });
    await mkdir(`${folder}/${way}`, { recursive: true });
    await writeFile(`${folder}/${way}/${category}.ndjson`, lines.join(""));
  }
}
console.log(`npx cizgi evaluate --real ${data} --generated ${folder}/jitter-4`);
