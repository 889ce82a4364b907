// What a run's model keeps of drawings that it never saw: drawn again from their codes (docs/families/latent.md).
// npx tsx src/bench/scripts/reconstruct.ts DATA DRAWINGS-A-CATEGORY RUN OUT
// npx cizgi evaluate --real DATA --generated OUT

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { openSource } from "../../data/source.ts";
import { splitDrawings } from "../../data/split-drawings.ts";
import { readRunConfig } from "../../families/configure.ts";
import { toNdjson } from "../../families/ndjson.ts";
import { able } from "../../families/session.ts";
import { readJson } from "../../files/json.ts";
import { fileName } from "../../files/name.ts";
import { loadModel } from "../../node/model.ts";
import { openSession } from "../../node/sample.ts";
import { configFile } from "../../training/run.ts";
import { scriptArguments } from "./arguments.ts";

const [data, each, path, out] = scriptArguments(
  z.tuple([z.string(), z.coerce.number().int().min(1), z.string(), z.string()]),
  "reconstruct.ts DATA DRAWINGS-A-CATEGORY RUN OUT",
);
const { config } = readRunConfig(await readJson(configFile(path)), configFile(path));
const source = await openSource(data);
const session = openSession(await loadModel(path));
const reconstruct = able(session, "reconstruct");
await mkdir(out, { recursive: true });
for (const { category, heldOut } of await splitDrawings(source, config.data)) {
  const lines: string[] = [];
  for (const sketch of heldOut.slice(0, each))
    for await (const drawn of reconstruct({ category, sketch })) lines.push(toNdjson(drawn));
  await writeFile(join(out, fileName(category, ".ndjson")), lines.join(""));
  process.stderr.write(`${category}: ${lines.length} drawings\n`);
}
await session.dispose();
