// Spoils real drawings on purpose, to see how the measures of `cizgi evaluate` react (docs/metrics.md).
// npx tsx examples/04-spoil-drawings.ts quickdraw/simplified spoiled [DRAWINGS-A-CATEGORY]
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { heldOutSplits, openSource, permutation, type RandomStream, randomStream, type Sketch } from "cizgi";

const [data = "synthetic", out = "spoiled", most = "40"] = process.argv.slice(2);

const jitter = (by: number) => (sketch: Sketch, random: RandomStream) => ({
  ...sketch,
  strokes: sketch.strokes.map(({ x, y }) => ({
    x: x.map((value) => value + by * random.normal()),
    y: y.map((value) => value + by * random.normal()),
  })),
});
const shuffled = <T>(items: readonly T[], random: RandomStream): T[] =>
  [...permutation(items.length, random)].map((i) => items[i]);

const ways: Record<string, (sketch: Sketch, random: RandomStream, all: readonly Sketch[]) => Sketch> = {
  "jitter-2": jitter(2),
  "jitter-4": jitter(4),
  "jitter-8": jitter(8),
  "jitter-16": jitter(16),
  "no-pen-lifts": ({ strokes }) => ({
    strokes: [{ x: strokes.flatMap(({ x }) => x), y: strokes.flatMap(({ y }) => y) }],
  }),
  "strokes-shuffled": ({ strokes }, random) => ({ strokes: shuffled(strokes, random) }),
  "points-shuffled": ({ strokes }, random) => ({
    strokes: strokes.map(({ x, y }) => {
      const order = [...permutation(x.length, random)];
      return { x: order.map((i) => x[i]), y: order.map((i) => y[i]) };
    }),
  }),
  "one-repeated": (_sketch, _random, [first]) => first,
};

const source = await openSource(data);
const categories = await source.categories();
for (const way of Object.keys(ways)) await mkdir(join(out, way), { recursive: true });
for await (const { category, train } of heldOutSplits(source, {
  categories,
  fraction: 0.15,
  mostTraining: Number(most),
})) {
  for (const [seed, [way, spoil]] of Object.entries(ways).entries()) {
    const lines = train.map((sketch, i) => {
      const { strokes } = spoil(sketch, randomStream(seed, i), train);
      return `${JSON.stringify({ word: category, drawing: strokes.map(({ x, y }) => [x, y]) })}\n`;
    });
    await writeFile(join(out, way, `${category}.ndjson`), lines.join(""));
  }
}
console.log(
  `${out}: ${Object.keys(ways).join(", ")}; npx cizgi evaluate --real ${data} --generated ${join(out, "jitter-4")} measures one.`,
);
