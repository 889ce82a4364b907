// Real drawings as a network of positions writes and draws them: the best that such a network could do (docs/ablations.md).
// npx tsx src/bench/scripts/round-trip.ts DATA DRAWINGS-A-CATEGORY POINTS EPSILON told|guessed OUT
// npx cizgi evaluate --real DATA --generated OUT

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { heldOutSplits } from "../../data/held-out.ts";
import { openSource } from "../../data/source.ts";
import { toNdjson } from "../../families/ndjson.ts";
import { fitSheet } from "../../families/sheet.ts";
import { fileName } from "../../files/name.ts";
import { rounded } from "../../sketch/curve.ts";
import { encodeSketch } from "../../sketch/encode.ts";
import { encodings } from "../../sketch/encoding.ts";
import { scriptArguments } from "./arguments.ts";

const whole = z.coerce.number().int().min(1);
const [data, each, points, simplify, told, out] = scriptArguments(
  z.tuple([z.string(), whole, whole, z.coerce.number().min(0), z.enum(["told", "guessed"]), z.string()]),
  "round-trip.ts DATA DRAWINGS-A-CATEGORY POINTS EPSILON told|guessed OUT",
);
const corners = told === "told";
const source = await openSource(data);
await mkdir(out, { recursive: true });
// Training drawings, so that held-out ones are left to compare with.
for await (const { category, train } of heldOutSplits(source, {
  categories: await source.categories(),
  fraction: 0.15,
  mostTraining: 2 * each,
})) {
  const lines: string[] = [];
  for (const sketch of train) {
    const written = encodeSketch(sketch, {
      encoding: "position",
      strokeOrder: "directed",
      points,
      simplify,
      corners,
    });
    if (written === undefined || lines.length === each) continue;
    const drawn = rounded(encodings.position.decode(written.values, written.pens, corners));
    lines.push(toNdjson({ ...fitSheet(drawn), word: category, seed: 0, index: lines.length }));
  }
  await writeFile(join(out, fileName(category, ".ndjson")), lines.join(""));
}
