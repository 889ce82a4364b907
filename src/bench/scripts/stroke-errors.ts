// Whether errors add up from stroke to stroke (docs/families/autoregressive-stroke.md).
// npx tsx src/bench/scripts/stroke-errors.ts DATA DRAWINGS-A-CATEGORY RUN [RUN …]

import { z } from "zod";
import { at } from "../../base/at.ts";
import { collect } from "../../base/collect.ts";
import { openSource } from "../../data/source.ts";
import { splitDrawings } from "../../data/split-drawings.ts";
import { readRunConfig } from "../../families/configure.ts";
import { able } from "../../families/session.ts";
import { readJson } from "../../files/json.ts";
import { wasserstein } from "../../metrics/wasserstein.ts";
import { loadModel } from "../../node/model.ts";
import { openSession } from "../../node/sample.ts";
import { boundsOf, fitInto, type Sketch } from "../../sketch/sketch.ts";
import { configFile } from "../../training/run.ts";
import { scriptArguments } from "./arguments.ts";

const SIZE = 256;
const MARGIN = 28;
/** Strokes of a drawing that are looked at; few drawings have more. */
const STROKES = 6;

const [data, each, ...paths] = scriptArguments(
  z.tuple([z.string(), z.coerce.number().int().min(1), z.string()], z.string()),
  "stroke-errors.ts DATA DRAWINGS-A-CATEGORY RUN [RUN …]",
);

/** Edges of the boxes of all strokes that are the k-th of their drawing, edge by edge. */
function edgesOf(sketches: readonly Sketch[], k: number): readonly (readonly number[])[] {
  const boxes = sketches.flatMap(({ strokes }) =>
    strokes.slice(k, k + 1).flatMap((stroke) => boundsOf({ strokes: [stroke] }) ?? []),
  );
  return [
    boxes.map(({ minX }) => minX),
    boxes.map(({ minY }) => minY),
    boxes.map(({ maxX }) => maxX),
    boxes.map(({ maxY }) => maxY),
  ];
}

/** How far the k-th strokes' boxes lie from those of real drawings, in units of drawings of 256. */
function errorOf(sketches: readonly Sketch[], real: readonly Sketch[], k: number): number {
  const truth = edgesOf(real, k);
  const distances = edgesOf(sketches, k).map((edge, i) => wasserstein(edge, at(truth, i)));
  return distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
}

const source = await openSource(data);
const number = (value: number) => value.toFixed(1);
console.log("| run | stroke | real ones | free-running | given the strokes before | difference |");
console.log("|---|--:|--:|--:|--:|--:|");
for (const path of paths) {
  const { config } = readRunConfig(await readJson(configFile(path)), configFile(path));
  const real: Sketch[] = [];
  for (const { category, heldOut } of await splitDrawings(source, config.data))
    for (const { strokes } of heldOut.slice(0, each)) {
      const lines = { strokes: strokes.filter(({ x }) => x.length > 1) };
      real.push({ ...fitInto(lines, SIZE, MARGIN), word: category });
    }
  const model = await loadModel(path);
  const session = openSession(model);
  const complete = able(session, "complete");
  const free: Sketch[] = [];
  for (const category of model.config.categories) {
    const count = real.filter(({ word }) => word === category).length;
    free.push(...(await collect(complete({ category, strokes: [], count, seed: 1 }))));
  }
  for (let k = 0; k < STROKES; k++) {
    const long = real.filter(({ strokes }) => strokes.length > k);
    const given: Sketch[] = [];
    for (const [seed, { word, strokes }] of long.entries())
      given.push(
        ...(await collect(complete({ category: word ?? "", strokes: strokes.slice(0, k), count: 1, seed }))),
      );
    const [alone, led] = [errorOf(free, long, k), errorOf(given, long, k)];
    console.log(
      `| ${[path, k + 1, long.length, number(alone), number(led), number(alone - led)].join(" | ")} |`,
    );
  }
  await session.dispose();
}
