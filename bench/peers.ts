// One model against other systems' drawings, category by category and pooled (docs/metrics.md).
// npx tsx bench/peers.ts DATA MODEL[@GUIDANCE] FOLDER [FOLDER …]      FOLDER: <category>.ndjson files of a system
import { basename } from "node:path";
import {
  compareManifolds,
  type Features,
  heldOutSplits,
  kernelDistance,
  loadModel,
  manifoldOf,
  openClassifier,
  openSession,
  openSource,
  type Sketch,
} from "../src/index.ts";

const SEED = 0;

const [data, subject, ...folders] = process.argv.slice(2);
const [path, told] = subject.split("@");
const source = await openSource(data);
const peers = await Promise.all(folders.map((folder) => openSource(folder)));
const categories = await peers[0].categories();
const model = await loadModel(path);
const session = openSession(model);
const network = await openClassifier();
const settings = told === undefined ? {} : { guidance: Number(told) };
const systems = [basename(subject), ...folders.map((folder) => basename(folder))];

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
  let at = 0;
  for (const part of parts) {
    values.set(part.values, at);
    at += part.values.length;
  }
  return { count, size: network.size, values };
};

const kid = async (real: Features, drawn: Features): Promise<number> =>
  1000 * (await kernelDistance(real, drawn, { seed: SEED })).mean;

const reference: Features[] = [];
const drawn: Features[][] = systems.map(() => []);
const wins = systems.map(() => 0);
console.log(`| category | N | ${systems.join(" | ")} |`);
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
  for (const [i, set] of sets.entries()) {
    const features = await describe(set.slice(0, count));
    drawn[i].push(features);
    kids.push(await kid(real, features));
  }
  const best = kids.indexOf(Math.min(...kids));
  wins[best]++;
  const cells = kids.map((value, i) => (i === best ? `**${value.toFixed(1)}**` : value.toFixed(1)));
  console.log(`| ${category} | ${count} | ${cells.join(" | ")} |`);
}
await session.dispose();

const real = joined(reference);
const manifold = await manifoldOf(real);
const rows: [string, string[]][] = [
  ["lowest in so many categories", wins.map(String)],
  ["pooled: KID × 1000", []],
  ["pooled: precision", []],
  ["pooled: recall", []],
];
for (const parts of drawn) {
  const all = joined(parts);
  const { precision, recall } = await compareManifolds(manifold, await manifoldOf(all));
  rows[1][1].push((await kid(real, all)).toFixed(1));
  rows[2][1].push(`${(100 * precision).toFixed(1)} %`);
  rows[3][1].push(`${(100 * recall).toFixed(1)} %`);
}
for (const [what, cells] of rows) console.log(`| ${what} | ${real.count} | ${cells.join(" | ")} |`);
await network.dispose();
