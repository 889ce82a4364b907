// How well `complete`, `vary` and `interpolate` do what they are for (docs/metrics.md).
// npx tsx src/bench/scripts/from-drawings.ts DATA DRAWINGS-A-CATEGORY MODEL

import { z } from "zod";
import { at } from "../../base/at.ts";
import { heldOutSplits } from "../../data/held-out.ts";
import { openSource } from "../../data/source.ts";
import { requireDenoiser } from "../../families/denoisers.ts";
import { able } from "../../families/session.ts";
import { MARGIN, SIZE } from "../../families/sheet.ts";
import { openClassifier } from "../../metrics/classifier.ts";
import type { Features } from "../../metrics/features.ts";
import { nearestDistances } from "../../metrics/neighbours.ts";
import { recognition } from "../../metrics/recognition.ts";
import { loadModel } from "../../node/model.ts";
import { openSession } from "../../node/sample.ts";
import { simplifyToFit } from "../../sketch/simplify.ts";
import { fitInto, mapPoints, pointCount, type Sketch } from "../../sketch/sketch.ts";
import { scriptArguments } from "./arguments.ts";

const GIVEN_SHARE = 1 / 3;
/** Of the size that a prefix has in its drawing. */
const SMALLER = 0.6;
const STRENGTHS = [0.2, 0.4, 0.6, 0.8, 1];
/** An interpolation's drawings, ends included. */
const BETWEEN = 5;
/** Pairs to go between, of categories far and wide: to find the noise behind a drawing takes fifty evaluations. */
const PAIRS = 60;

const [data, each, path] = scriptArguments(
  z.tuple([z.string(), z.coerce.number().int().min(1), z.string()]),
  "from-drawings.ts DATA DRAWINGS-A-CATEGORY MODEL",
);
const source = await openSource(data);
const model = await loadModel(path);
const session = openSession(model);
const network = await openClassifier();
const { categories } = model.config;
const { points, simplify } = requireDenoiser(model.config, path).network;

const real: Sketch[] = [];
for await (const { category, heldOut } of heldOutSplits(source, {
  categories,
  fraction: 0.15,
  mostTraining: 0,
})) {
  // What takes more points than the network has, no network of its kind could have drawn.
  const fitting = heldOut.map((sketch) => fitInto(simplifyToFit(sketch, simplify, points), SIZE, MARGIN));
  const usable = fitting.filter((sketch) => pointCount(sketch) <= points).slice(0, each);
  real.push(...usable.map((sketch) => ({ ...sketch, word: category })));
}

/** The strokes with the first points of a drawing, and whether the last of them was cut off. */
function beginning({ strokes }: Sketch, count: number) {
  let left = count;
  let open = false;
  const begun = strokes.flatMap(({ x, y }) => {
    const taken = Math.max(0, Math.min(left, x.length));
    left -= taken;
    if (taken < 2) return [];
    open = taken < x.length;
    return [{ x: x.slice(0, taken), y: y.slice(0, taken) }];
  });
  return { strokes: begun, open };
}

/** As many whole strokes as it takes to have so many points. */
function wholeStrokes({ strokes }: Sketch, count: number): Sketch["strokes"] {
  let points = 0;
  return strokes.filter(({ x }) => {
    const taken = points < count;
    points += x.length;
    return taken;
  });
}

/** The drawing in so much of its size, about the middle of the sheet. */
const scaled = (sketch: Sketch, size: number): Sketch =>
  mapPoints(sketch, (x, y) => [SIZE / 2 + size * (x - SIZE / 2), SIZE / 2 + size * (y - SIZE / 2)]);

async function looked(sketches: readonly Sketch[]): Promise<{ features: Features; top1: number }> {
  const { features, logits } = await network.describe(sketches);
  const labels = Uint32Array.from(sketches, ({ word = "" }) => network.categories.indexOf(word));
  return { features, top1: recognition({ logits, labels, categories: network.categories }).top1 };
}

/** The distance between each pair of rows, on average. */
function distance(a: Features, b: Features): number {
  let sum = 0;
  for (let row = 0; row < a.count; row++) {
    let squares = 0;
    for (let i = row * a.size; i < (row + 1) * a.size; i++)
      squares += ((a.values[i] ?? 0) - (b.values[i] ?? 0)) ** 2;
    sum += Math.sqrt(squares);
  }
  return sum / a.count;
}

async function drawn<Given extends Sketch>(
  given: readonly Given[],
  draw: (given: Given, category: string, seed: number) => AsyncIterable<Sketch>,
): Promise<Sketch[]> {
  const all: Sketch[] = [];
  for (const [seed, sketch] of given.entries()) {
    const category = sketch.word ?? "";
    for await (const result of draw(sketch, category, seed)) all.push({ ...result, word: category });
    if (seed % 100 === 99) process.stderr.write(`  ${seed + 1}/${given.length}\n`);
  }
  return all;
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
console.log(`${real.length} held-out drawings, ${path}\n\n| drawings | top-1 |\n|---|--:|`);

const originals = await looked(real);
console.log(`| real, held out | ${percent(originals.top1)} |`);
const given = (sketch: Sketch) => Math.max(2, Math.round(GIVEN_SHARE * pointCount(sketch)));
const thirds = real.map((sketch) => ({ ...sketch, ...beginning(sketch, given(sketch)) }));
const whole = real.map((sketch) => ({ ...sketch, strokes: wholeStrokes(sketch, given(sketch)) }));
console.log(`| their first third alone | ${percent((await looked(thirds)).top1)} |`);
const scratch = await looked(await drawn(real, (_, category, seed) => session.sample({ category, seed })));
console.log(`| drawn from nothing | ${percent(scratch.top1)} |`);

const completed = await drawn(thirds, ({ strokes, open }, category, seed) =>
  able(session, "complete")({ strokes, open, category, seed }),
);
console.log(`| completed from the first third | ${percent((await looked(completed)).top1)} |`);
// Where they were in the drawing; smaller, as people begin who do not know what the sheet is; as large as it goes.
const begun: readonly (readonly [string, (whole: Sketch) => Sketch])[] = [
  ["a third of the points at least", (given) => given],
  [`the same at ${SMALLER} of their size`, (given) => scaled(given, SMALLER)],
  ["the same scaled to fill the sheet", (given) => fitInto(given, SIZE, MARGIN)],
];
for (const [name, place] of begun) {
  const completions = await drawn(whole, (given, category, seed) =>
    able(session, "complete")({ strokes: place(given).strokes, category, seed }),
  );
  console.log(`| completed from whole strokes, ${name} | ${percent((await looked(completions)).top1)} |`);
}
const changed = completed.filter(({ strokes }, i) => {
  const { strokes: given } = at(thirds, i);
  return JSON.stringify(strokes.slice(0, given.length)) !== JSON.stringify(given);
});
console.log(`\nGiven strokes changed in ${changed.length} of ${completed.length} completions.\n`);

const { distances } = await nearestDistances(originals.features, scratch.features);
const nearest = distances.reduce((sum, value) => sum + value, 0) / distances.length;
console.log("| variations of strength | top-1 | distance from the drawing |\n|---|--:|--:|");
for (const strength of STRENGTHS) {
  const { features, top1 } = await looked(
    await drawn(real, (sketch, category, seed) =>
      able(session, "vary")({ sketch, category, strength, seed }),
    ),
  );
  console.log(`| ${strength} | ${percent(top1)} | ${distance(originals.features, features).toFixed(2)} |`);
}
console.log(
  `| drawn from nothing: of the same category; the nearest of all | | ${distance(originals.features, scratch.features).toFixed(2)}; ${nearest.toFixed(2)} |\n`,
);

// From a drawing to the next one of its category.
const pairs = real.flatMap((from, i) => {
  const to = real[i + 1];
  return to !== undefined && to.word === from.word ? [{ from, to, category: from.word ?? "" }] : [];
});
const every = Math.ceil(pairs.length / PAIRS);
const rows: Sketch[][] = Array.from({ length: BETWEEN }, () => []);
const chosen = pairs.filter((_, i) => i % every === 0);
for (const { from, to, category } of chosen) {
  let place = 0;
  for await (const sketch of able(
    session,
    "interpolate",
  )({
    from: { category, sketch: from },
    to: { category, sketch: to },
    count: BETWEEN,
  }))
    at(rows, place++).push({ ...sketch, word: category });
}
const places = await Promise.all(rows.map(looked));
console.log(
  `| between two drawings of a category (${chosen.length} pairs) | top-1 | from the one before |\n|---|--:|--:|`,
);
for (const [i, { features, top1 }] of places.entries()) {
  const before = i === 0 ? "" : distance(at(places, i - 1).features, features).toFixed(2);
  console.log(`| ${percent(i / (BETWEEN - 1))} | ${percent(top1)} | ${before} |`);
}
await session.dispose();
await network.dispose();
