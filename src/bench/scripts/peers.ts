// One model against other systems' drawings, category by category and pooled (docs/metrics.md).
// npx tsx src/bench/scripts/peers.ts DATA MODEL[@GUIDANCE] FOLDER [FOLDER …]      FOLDER: <category>.ndjson files of a system

import { basename } from "node:path";
import { z } from "zod";
import { at } from "../../base/at.ts";
import { heldOutSplits } from "../../data/held-out.ts";
import { openSource } from "../../data/source.ts";
import { openClassifier } from "../../metrics/classifier.ts";
import type { Features } from "../../metrics/features.ts";
import { kernelDistance } from "../../metrics/kernel-distance.ts";
import { compareManifolds, manifoldOf } from "../../metrics/neighbours.ts";
import { loadModel } from "../../node/model.ts";
import { openSession } from "../../node/sample.ts";
import type { Sketch } from "../../sketch/sketch.ts";
import { pathAndNumber, scriptArguments } from "./arguments.ts";

const SEED = 0;

const [data, subject, ...folders] = scriptArguments(
  z.tuple([z.string(), z.string(), z.string()], z.string()),
  "peers.ts DATA MODEL[@GUIDANCE] FOLDER [FOLDER …]",
);
const { path, number: told } = pathAndNumber(subject);
const source = await openSource(data);
const peers = await Promise.all(folders.map((folder) => openSource(folder)));
const categories = await at(peers, 0).categories();
const model = await loadModel(path);
const session = openSession(model);
const network = await openClassifier();
const settings = told === undefined ? {} : { guidance: told };
const systems = [subject, ...folders].map((each) => ({
  name: basename(each),
  drawn: [] as Features[],
  lowestIn: 0,
}));

/** The first drawings of a generator. */
async function take<T>(drawings: AsyncIterable<T>, count: number): Promise<T[]> {
  const taken: T[] = [];
  for await (const drawing of drawings) {
    if (taken.length === count) break;
    taken.push(drawing);
  }
  return taken;
}

const describe = async (sketches: readonly Sketch[]): Promise<Features> =>
  (await network.describe(sketches)).features;

const joined = (parts: readonly Features[]): Features => {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const values = new Float32Array(count * network.size);
  let filled = 0;
  for (const part of parts) {
    values.set(part.values, filled);
    filled += part.values.length;
  }
  return { count, size: network.size, values };
};

const kid = async (real: Features, drawn: Features): Promise<number> =>
  1000 * (await kernelDistance(real, drawn, { seed: SEED })).mean;

const reference: Features[] = [];
console.log(`| category | N | ${systems.map(({ name }) => name).join(" | ")} |`);
console.log(`|---|--:|${systems.map(() => "--:").join("|")}|`);
for await (const { category, heldOut } of heldOutSplits(source, {
  categories,
  fraction: 0.15,
  mostTraining: 0,
})) {
  const others = await Promise.all(peers.map((peer) => take(peer.drawings(category), heldOut.length)));
  const count = Math.min(heldOut.length, ...others.map(({ length }) => length));
  const own = await take(session.sample({ category, count, seed: SEED, ...settings }), count);
  const sets = [own, ...others.map((drawings) => drawings.map(({ sketch }) => sketch))];
  const real = await describe(heldOut.slice(0, count));
  reference.push(real);
  const kids: number[] = [];
  for (const [i, { drawn }] of systems.entries()) {
    const features = await describe(at(sets, i).slice(0, count));
    drawn.push(features);
    kids.push(await kid(real, features));
  }
  const best = kids.indexOf(Math.min(...kids));
  at(systems, best).lowestIn++;
  const cells = kids.map((value, i) => (i === best ? `**${value.toFixed(1)}**` : value.toFixed(1)));
  console.log(`| ${category} | ${count} | ${cells.join(" | ")} |`);
}
await session.dispose();

const real = joined(reference);
const manifold = await manifoldOf(real);
const pooled: { kid: number; precision: number; recall: number }[] = [];
for (const { drawn } of systems) {
  const all = joined(drawn);
  const { precision, recall } = await compareManifolds(manifold, await manifoldOf(all));
  pooled.push({ kid: await kid(real, all), precision, recall });
}
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const row = (what: string, cells: readonly (string | number)[]) =>
  console.log(`| ${what} | ${real.count} | ${cells.join(" | ")} |`);
row(
  "lowest in so many categories",
  systems.map(({ lowestIn }) => lowestIn),
);
row(
  "pooled: KID × 1000",
  pooled.map((each) => each.kid.toFixed(1)),
);
row(
  "pooled: precision",
  pooled.map(({ precision }) => percent(precision)),
);
row(
  "pooled: recall",
  pooled.map(({ recall }) => percent(recall)),
);
await network.dispose();
