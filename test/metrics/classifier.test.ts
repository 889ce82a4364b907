import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UserError } from "../../src/base/errors.ts";
import { buildClassifier } from "../../src/classifier/network.ts";
import { CATEGORIES } from "../../src/data/catalogue.ts";
import { drawSynthetic } from "../../src/data/synthetic.ts";
import {
  type ClassifierNetwork,
  openClassifier,
  SECOND_CLASSIFIER,
  SHIPPED_CLASSIFIER,
  saveClassifier,
} from "../../src/metrics/classifier.ts";
import { parameterViews } from "../../src/nn/parameters.ts";
import { saveModel } from "../../src/node/model.ts";
import { rasterise } from "../../src/sketch/raster.ts";
import type { Sketch } from "../../src/sketch/sketch.ts";
import { toFloat16 } from "../../src/weights/float16.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/weights/safetensors.ts";
import { joinTensors } from "../../src/weights/tensors.ts";
import { saveUntrained, sizes, tinyClassifier } from "../classifier/tiny-classifier.ts";
import { untrained } from "../families/tiny-model.ts";
import { expectClose } from "../graph/check.ts";
import { evaluate } from "../graph/reference.ts";

const folder = mkdtempSync(join(tmpdir(), "cizgi-classifier-"));
afterAll(() => rmSync(folder, { recursive: true }));
const place = (...names: string[]) => join(folder, ...names);
const FILE = "model.safetensors";

let weights: Float32Array;
let network: ClassifierNetwork;
beforeAll(async () => {
  weights = await saveUntrained(place("tiny"));
  network = await openClassifier(place("tiny"), { threads: 1 });
});
afterAll(() => network.dispose());

/** Two batches and a piece of a third, no two drawings alike. */
const drawings: Sketch[] = Array.from({ length: 150 }, (_, i) =>
  drawSynthetic(tinyClassifier.categories[i % 3], 1, i),
);

describe("a saved classifier", () => {
  test("opens with its name, categories, size and the hash of its file", () => {
    const sha256 = createHash("sha256")
      .update(readFileSync(place("tiny", FILE)))
      .digest("hex");
    expect(network).toMatchObject({
      name: "tiny",
      hash: sha256.slice(0, 12),
      size: 4 * sizes.baseChannels,
      categories: ["cat", "bus", "rabbit"],
    });
  });

  test("holds the weights in half precision, and the configuration in both files", () => {
    const { tensors, metadata } = decodeSafetensors(readFileSync(place("tiny", FILE)), FILE);
    const { parameters } = buildClassifier({ ...sizes, classes: 3 }, 1);
    const views = parameterViews(parameters, weights);
    expect([...tensors.keys()].sort()).toEqual(parameters.map(({ name }) => name).sort());
    for (const { name, shape } of parameters)
      expect(tensors.get(name)).toEqual({
        dtype: "F16",
        shape,
        data: toFloat16(views.get(name) ?? new Float32Array(0)),
      });
    expect(JSON.parse(metadata.config)).toEqual(tinyClassifier);
    expect(JSON.parse(readFileSync(place("tiny", "config.json"), "utf8"))).toEqual(tinyClassifier);
  });

  test("is found in the folder of the run that trained it", async () => {
    mkdirSync(place("run/model"), { recursive: true });
    copyFileSync(place("tiny", FILE), place("run/model", FILE));
    const opened = await openClassifier(place("run"), { threads: 1 });
    expect(opened).toMatchObject({ name: "run", hash: network.hash });
    await opened.dispose();
  });

  test("says what the network with the rounded weights says of the drawings' pictures", async () => {
    const some = drawings.slice(0, 3);
    const { features, logits } = await network.describe(some);
    const { tensors } = decodeSafetensors(readFileSync(place("tiny", FILE)), FILE);
    const graph = buildClassifier({ ...sizes, classes: 3 }, some.length);
    const pictures = some.flatMap((sketch) => [
      ...rasterise(sketch, {
        size: sizes.pictureSize,
        margin: sizes.margin,
        lineWidth: sizes.lineWidth,
      }),
    ]);
    const rounded = parameterViews(graph.parameters, joinTensors(tensors, "", graph.parameters, FILE));
    const feeds = { ...Object.fromEntries(rounded), pictures };
    const [seen, said] = evaluate([graph.features, graph.logits], feeds);
    expect([features.count, features.size]).toEqual([3, 32]);
    expectClose(features.values, seen, 1e-5, "features");
    expectClose(logits, said, 1e-5, "logits");
  });
});

describe("what it says of a drawing", () => {
  const row = (values: Float32Array, size: number, i: number) => values.slice(i * size, (i + 1) * size);
  /** Bits of the features and logits of drawing i. */
  const rowsOf = async (sketches: readonly Sketch[]) => {
    const { features, logits } = await network.describe(sketches);
    return sketches.map((_, i) => [row(features.values, features.size, i), row(logits, 3, i)]);
  };

  test("is the same to the bit whatever stands beside it and wherever it stands", async () => {
    const together = await rowsOf(drawings);
    expect((await rowsOf(drawings.toReversed())).toReversed()).toEqual(together);
    expect(await rowsOf(drawings.slice(37))).toEqual(together.slice(37));
    // After a full batch, so that what is left of it stands behind the single drawing.
    expect(await rowsOf(drawings.slice(0, 65))).toEqual(together.slice(0, 65));
    for (const i of [0, 63, 64, 149]) expect(await rowsOf([drawings[i]])).toEqual([together[i]]);
  });

  test("differs from drawing to drawing", async () => {
    const rows = (await rowsOf(drawings)).map(([features]) => features.join());
    expect(new Set(rows).size).toBe(drawings.length);
  });

  test("is nothing of no drawings", async () => {
    const { features, logits } = await network.describe([]);
    expect([features.count, features.values.length, logits.length]).toEqual([0, 0, 0]);
  });

  test("comes with progress that reaches the number of drawings", async () => {
    const seen: number[] = [];
    await network.describe(drawings, { onProgress: (done) => seen.push(done) });
    expect(seen).toEqual([64, 128, 150]);
  });

  test("ends with an abort, at once or between batches", async () => {
    const before = AbortSignal.abort(new Error("enough"));
    await expect(network.describe(drawings, { signal: before })).rejects.toThrow("enough");
    const stop = new AbortController();
    const seen: number[] = [];
    const onProgress = (done: number) => {
      seen.push(done);
      stop.abort(new Error("later"));
    };
    await expect(network.describe(drawings, { onProgress, signal: stop.signal })).rejects.toThrow("later");
    expect(seen).toEqual([64]);
  });
});

describe("what is no classifier is refused, naming the file and what to do", () => {
  /** A folder with these bytes, or with the tiny classifier's tensors under another configuration. */
  function prepared(name: string, content: Uint8Array | Record<string, unknown>): string {
    mkdirSync(place(name));
    const { tensors } = decodeSafetensors(readFileSync(place("tiny", FILE)), FILE);
    const config = () => ({ config: JSON.stringify({ ...tinyClassifier, ...content }) });
    const bytes = content instanceof Uint8Array ? content : encodeSafetensors(tensors, config());
    writeFileSync(place(name, FILE), bytes);
    return place(name);
  }

  async function expectRefused(path: string, ...messages: string[]) {
    const opening = openClassifier(path);
    await expect(opening).rejects.toThrow(UserError);
    for (const message of messages) await expect(opening).rejects.toThrow(message);
  }

  test("a folder that is missing or empty, a file of another kind", async () => {
    const todo = 'train one with "cizgi classifier train --out FOLDER"';
    const where = (path: string) =>
      `${path}: no classifier found there, expected ${join(path, FILE)} or ${join(path, "model", FILE)}`;
    await expectRefused(place("nowhere"), where(place("nowhere")), todo);
    mkdirSync(place("empty"));
    await expectRefused(place("empty"), where(place("empty")), todo);
    await expectRefused(place("tiny", "config.json"), where(place("tiny", "config.json")), todo);
  });

  test("a file that was cut short or is something else", async () => {
    const whole = readFileSync(place("tiny", FILE));
    const short = prepared("short", whole.subarray(0, whole.length - 100));
    await expectRefused(short, `${join(short, FILE)}: not a usable safetensors file`, "it was cut short");
    const other = prepared("other", Buffer.from("not a network at all"));
    await expectRefused(other, `${join(other, FILE)}: not a usable safetensors file`);
  });

  test("a file without a configuration", async () => {
    const { tensors } = decodeSafetensors(readFileSync(place("tiny", FILE)), FILE);
    const bare = prepared("bare", encodeSafetensors(tensors));
    await expectRefused(bare, `${join(bare, FILE)}: its metadata holds no classifier configuration`);
  });

  test("a newer layout", async () => {
    const newer = prepared("newer", { format: 2, wings: true });
    await expectRefused(
      newer,
      `${join(newer, FILE)} (config): written by a newer cizgi (format 2, this one reads up to 1); update cizgi to use it.`,
    );
  });

  test("tensors that do not fit the configuration", async () => {
    const wider = prepared("wider", { baseChannels: 16 });
    await expectRefused(
      wider,
      `${join(wider, FILE)}: tensor "stem.weight" has shape [4, 4, 3, 3]`,
      "[8, 4, 3, 3]",
    );
  });

  test("a model that draws", async () => {
    await saveModel(place("drawing"), untrained());
    await expectRefused(
      place("drawing"),
      `${place("drawing", FILE)} (config): expected a classifier, found a model of the family "unet1d"`,
      'train a classifier with "cizgi classifier train --out FOLDER" or name another folder',
    );
  });

  test("a folder that cannot be written is named when saving", async () => {
    const wall = join(place("tiny", FILE), "deeper");
    await expect(saveClassifier(wall, tinyClassifier, weights)).rejects.toThrow(
      `cannot write into the folder ${wall}`,
    );
  });
});

test.each([
  ["QD", SHIPPED_CLASSIFIER],
  ["QD28", SECOND_CLASSIFIER],
])("the classifier %s, which ships, opens and knows every category of Quick, Draw!", async (name, folder) => {
  const shipped = await openClassifier(folder);
  expect(shipped.name).toBe(name);
  expect(shipped.categories.toSorted()).toEqual(CATEGORIES.toSorted());
  const bytes = readFileSync(join(folder, FILE));
  expect(createHash("sha256").update(bytes).digest("hex").slice(0, 12)).toBe(shipped.hash);
  const { features, logits } = await shipped.describe(drawings.slice(0, 2));
  expect([features.size, features.values.length]).toEqual([shipped.size, 2 * shipped.size]);
  expect(logits.length).toBe(2 * 345);
  await shipped.dispose();
});
