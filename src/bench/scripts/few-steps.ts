// How good drawings are by how many network evaluations they take (docs/recipe.md).
// npx tsx src/bench/scripts/few-steps.ts DATA DRAWINGS-A-CATEGORY MODEL [STUDENT[@STEPS] …]

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { heldOutSplits } from "../../data/held-out.ts";
import { openSource } from "../../data/source.ts";
import { asksTwice } from "../../families/denoiser/draw-settings.ts";
import { requireDenoiser } from "../../families/denoisers.ts";
import type { Model } from "../../families/registry.ts";
import type { DrawSettings } from "../../families/request.ts";
import { openClassifier } from "../../metrics/classifier.ts";
import { frechetDistance } from "../../metrics/frechet.ts";
import { kernelDistance } from "../../metrics/kernel-distance.ts";
import { compareManifolds, manifoldOf } from "../../metrics/neighbours.ts";
import { recognition } from "../../metrics/recognition.ts";
import { loadModel } from "../../node/model.ts";
import { openSession } from "../../node/sample.ts";
import type { Sketch } from "../../sketch/sketch.ts";
import { pathAndNumber, scriptArguments } from "./arguments.ts";
import { type FewStepsRow, fewStepsChart, NAMES } from "./few-steps-chart.ts";

/** Ways from noise to a drawing, each by so many steps. */
const WAYS = [
  { way: "dpm", sampler: "dpm", eta: 0, steps: [1, 2, 4, 8, 16, 32] },
  { way: "dpm-fresh", sampler: "dpm", eta: 1, steps: [2, 4, 8, 16, 32] },
  { way: "heun", sampler: "heun", eta: 0, steps: [3, 9] },
  { way: "ddim", sampler: "ddim", eta: 0, steps: [1, 2, 4, 8, 16, 32, 125] },
] as const;
const SEED = 0;

const [data, each, teacher, ...students] = scriptArguments(
  z.tuple([z.string(), z.coerce.number().int().min(1), z.string()], z.string()),
  "few-steps.ts DATA DRAWINGS-A-CATEGORY MODEL [STUDENT[@STEPS] …]",
);
const source = await openSource(data);
const categories = await source.categories();
const real: Sketch[] = [];
for await (const { heldOut } of heldOutSplits(source, { categories, fraction: 0.15, mostTraining: 0 }))
  real.push(...heldOut.slice(0, each));
const network = await openClassifier();
const reference = (await network.describe(real)).features;
const manifold = await manifoldOf(reference);

async function measured(model: Model, way: string, settings: Partial<DrawSettings>): Promise<FewStepsRow> {
  const session = openSession(model);
  const sketches: Sketch[] = [];
  for (const category of categories)
    for await (const sketch of session.sample({ ...settings, category, count: each, seed: SEED }))
      sketches.push(sketch);
  await session.dispose();
  const { features, logits } = await network.describe(sketches);
  const labels = Uint32Array.from(sketches, ({ word = "" }) => network.categories.indexOf(word));
  const config = requireDenoiser(model.config, way);
  const { steps = config.sampling.steps, guidance = config.sampling.guidance } = settings;
  const { precision, recall } = await compareManifolds(manifold, await manifoldOf(features));
  const row = {
    way,
    evaluations: steps * (asksTwice(config.network, guidance) ? 2 : 1),
    kid: 1000 * (await kernelDistance(reference, features, { seed: SEED })).mean,
    fid: frechetDistance(reference, features),
    precision,
    recall,
    top1: recognition({ logits, labels, categories: network.categories }).top1,
  };
  process.stderr.write(`${JSON.stringify(row)}\n`);
  return row;
}

const rows: FewStepsRow[] = [];
const whole = await loadModel(teacher);
for (const { way, steps: wanted, ...settings } of WAYS)
  for (const steps of wanted) rows.push(await measured(whole, way, { ...settings, steps }));
for (const student of students) {
  const { path, number: steps } = pathAndNumber(student);
  const model = await loadModel(path);
  // Whose steps are distilled walks at first order.
  const way = requireDenoiser(model.config, path).sampling.sampler === "dpm" ? "guidance" : "distilled";
  rows.push(await measured(model, way, steps === undefined ? {} : { steps }));
}
await network.dispose();

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const { guidance } = requireDenoiser(whole.config, teacher).sampling;
const result = { drawings: real.length, guidance, rows };
writeFileSync(here("../results/few-steps.json"), `${JSON.stringify(result, undefined, 2)}\n`);
writeFileSync(here("../../../docs/pictures/few-steps.svg"), fewStepsChart(rows));
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
console.log("| evaluations | way | KID × 1000 | FID-QD | precision | recall | top-1 |");
console.log("|--:|---|--:|--:|--:|--:|--:|");
for (const { way, evaluations, kid, fid, precision, recall, top1 } of rows)
  console.log(
    `| ${[evaluations, NAMES[way] ?? way, kid.toFixed(1), fid.toFixed(2), percent(precision), percent(recall), percent(top1)].join(" | ")} |`,
  );
