// Drawings to be seen while the model is on its way, drawn by that model: npx tsx studio/stored.ts

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { collect } from "../src/base/collect.ts";
import { loadModel, SHIPPED_MODEL } from "../src/node/model.ts";
import { sample } from "../src/node/sample.ts";
import { toText } from "./src/strokes-text.ts";

/** What a visitor sees first. */
const request = { category: "snail", count: 6, seed: 0 };

const weights = readFileSync(join(SHIPPED_MODEL, "model.safetensors"));
const drawings = await collect(sample(await loadModel(), request));
const stored = {
  model: createHash("sha256").update(weights).digest("hex"),
  ...request,
  drawings: drawings.map(({ strokes }) => toText(strokes)),
};
writeFileSync(
  fileURLToPath(new URL("src/stored.json", import.meta.url)),
  `${JSON.stringify(stored, undefined, 2)}\n`,
);
