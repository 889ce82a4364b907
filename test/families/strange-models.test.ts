import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { collect } from "../../src/base/collect.ts";
import { UserError } from "../../src/base/errors.ts";
import { decodeModel } from "../../src/families/model.ts";
import { toModelOnnx } from "../../src/families/network.ts";
import { familyOf, type Model } from "../../src/families/registry.ts";
import { openClassifier, SHIPPED_CLASSIFIER } from "../../src/metrics/classifier.ts";
import { loadModel, saveModel } from "../../src/node/model.ts";
import { complete, interpolate, openSession, sample, vary } from "../../src/node/sample.ts";
import { readWeights } from "../../src/node/weights.ts";
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from "../../src/weights/safetensors.ts";
import { type Precision, splitTensors } from "../../src/weights/tensors.ts";
import { type Changes, untrained } from "./tiny-model.ts";

const folder = mkdtempSync(join(tmpdir(), "cizgi-strange-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

const model = untrained();
const tensorsOf = ({ config, weights }: Model, precision: Precision = "single") =>
  splitTensors(familyOf(config).parameters(config), weights, { precision });

/** A file of the tiny model's weights that says of itself what it likes. */
const fileOf = (config: string, tensors = tensorsOf(model)): Uint8Array =>
  encodeSafetensors(tensors, { config });
const { config: plain } = model;
const saying = ({ network, sampling, ...over }: Changes): Uint8Array =>
  fileOf(
    JSON.stringify({
      ...plain,
      ...over,
      network: { ...plain.network, ...network },
      sampling: { ...plain.sampling, ...sampling },
    }),
  );

function refusal(bytes: Uint8Array, mostBytes?: number): string {
  try {
    decodeModel(bytes, "model.safetensors", mostBytes === undefined ? {} : { mostBytes });
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    const { message } = error as UserError;
    expect(message).toMatch(/^model\.safetensors/);
    return message;
  }
  return "accepted";
}

describe("a model that asks for more than it is", () => {
  test.each<[over: Changes, expected: RegExp]>([
    [
      { network: { diffusionSteps: 1e9 } },
      /network.diffusionSteps: Too big: expected number to be <=1000000, found 1000000000/,
    ],
    [
      { network: { baseChannels: 2_147_483_640 } },
      /baseChannels 2147483640.* ask for at least .* GiB .*CIZGI_MODEL_LIMIT \(MiB\) to more/,
    ],
    [
      { network: { baseChannels: 12_288 } },
      /baseChannels 12288, .* ask for at least 113 GiB of memory, expected at most 2.00 GiB/,
    ],
    [{ network: { points: 1e5 } }, /points 100000 .* ask for at least 37.3 GiB/],
    [{ network: { points: 2 ** 50 } }, /points 1125899906842624 .* GiB/],
    [
      { network: { diffusionSteps: 1e6, baseChannels: 800 }, sampling: { steps: 1e6 } },
      /steps 1000000 ask for/,
    ],
    [{ sampling: { steps: 101 } }, /sampling.steps: expected no more than diffusionSteps 100, found 101/],
    [
      { network: { maxGuidance: 2 }, sampling: { guidance: 3 } },
      /sampling.guidance: expected no more than maxGuidance 2, found 3/,
    ],
    [{ network: { attentionHeads: 2 ** 40 } }, /network.attentionHeads: expected a divisor/],
    [{ categories: ["cat", "cat"] }, /categories: expected each category once/],
    [
      { network: { baseChannels: 6, attentionHeads: 1, normGroups: 1 } },
      /network.baseChannels: must be a multiple of 4/,
    ],
  ])("%j is refused before anything is built", (over, expected) => {
    expect(refusal(saying(over))).toMatch(expected);
  });

  test("may be allowed more, or less: as an option and, in Node, by CIZGI_MODEL_LIMIT", async () => {
    // What it says is then compared with what it has.
    expect(refusal(saying({ network: { baseChannels: 3200 } }))).toContain("ask for at least 7.67 GiB");
    expect(refusal(saying({ network: { baseChannels: 3200 } }), 2 ** 33)).toMatch(
      /tensor ".*" has shape .*, the network needs/,
    );
    expect(refusal(saying({}), 10_000)).toContain("expected at most 0.00954 MiB");
    const path = join(folder, "large.safetensors");
    writeFileSync(path, saying({ network: { baseChannels: 3200 } }));
    await expect(loadModel(path)).rejects.toThrow("CIZGI_MODEL_LIMIT");
    await expect(loadModel(path, { mostBytes: 2 ** 33 })).rejects.toThrow("the network needs");
    vi.stubEnv("CIZGI_MODEL_LIMIT", "8192");
    await expect(loadModel(path)).rejects.toThrow("the network needs");
    vi.stubEnv("CIZGI_MODEL_LIMIT", "plenty");
    await expect(loadModel(path)).rejects.toThrow(
      'CIZGI_MODEL_LIMIT: expected a whole number of at least 1, found "plenty"',
    );
  });

  test("is refused as a classifier too", async () => {
    const { bytes, file } = await readWeights(SHIPPED_CLASSIFIER, "classifier", "");
    const { tensors, metadata } = decodeSafetensors(bytes, file);
    const config = JSON.parse(metadata.config);
    const path = join(folder, "classifier.safetensors");
    for (const [over, expected] of [
      [{ pictureSize: 1_600_000 }, /pictureSize 1600000 ask for at least/],
      [{ baseChannels: 80_000, normGroups: 8 }, /baseChannels 80000 .* ask for at least/],
    ] as const) {
      writeFileSync(path, encodeSafetensors(tensors, { config: JSON.stringify({ ...config, ...over }) }));
      await expect(openClassifier(path)).rejects.toThrow(expected);
    }
  });
});

describe("numbers that are none", () => {
  test.each([Number.NaN, Infinity, -Infinity])("%s among the weights", (value) => {
    for (const half of [false, true]) {
      const weights = Float32Array.from(model.weights);
      weights[weights.length - 1] = value;
      const bytes = fileOf(
        JSON.stringify(model.config),
        tensorsOf({ ...model, weights }, half ? "half" : "single"),
      );
      expect(refusal(bytes)).toMatch(
        /tensor "output_proj\.bias" has .*(NaN|Infinity) among its numbers, expected finite/,
      );
    }
  });

  test.each([
    ["{}", 'normalisation: expected one for each category, "cat" has none'],
    ['{"cat":{"mean":[0,0],"std":1}}', '"bus" has none'],
    ['{"cat":{"mean":[0,0],"std":1e999},"bus":{"mean":[0,0],"std":1}}', "normalisation.cat.std"],
    ['{"cat":{"mean":[0,0],"std":0},"bus":{"mean":[0,0],"std":1}}', "normalisation.cat.std: Too small"],
    ['{"cat":{"mean":[0,0],"std":1e-46},"bus":{"mean":[0,0],"std":1}}', "normalisation.cat.std: Too small"],
    ['{"cat":{"mean":[0,-1e999],"std":1},"bus":{"mean":[0,0],"std":1}}', "normalisation.cat.mean.1"],
    ['{"cat":{"mean":[0],"std":1},"bus":{"mean":[0,0],"std":1}}', "normalisation.cat.mean"],
    ["[]", "normalisation: expected one for each category"],
    ["null", "normalisation: expected an object, found null"],
  ])("a normalisation of %s", (normalisation, expected) => {
    const { learnt: _, ...config } = model.config;
    expect(
      refusal(fileOf(`${JSON.stringify(config).slice(0, -1)},"learnt":{"normalisation":${normalisation}}}`)),
    ).toContain(expected);
  });
});

test("categories may be called as what every object has: their drawings are those of any other name", async () => {
  const names = ["__proto__", "constructor", "toString"];
  const stats = Object.values(model.config.learnt.normalisation);
  const called = (categories: string[]): Model =>
    untrained({
      categories,
      learnt: {
        normalisation: Object.fromEntries(categories.map((category, i) => [category, stats[i % 2]])),
      },
    });
  await saveModel(join(folder, "names"), called(names));
  const strange = await loadModel(join(folder, "names"));
  expect(strange.config.categories).toEqual(names);
  const plain = called(["a", "b", "c"]);
  const strokes = [{ x: [28, 228, 228], y: [60, 60, 190] }];
  const drawn = async (of: Model, category: string, other: string) => {
    const sketches = [
      ...(await collect(sample(of, { category, seed: 3 }))),
      ...(await collect(vary(of, { category, sketch: { strokes }, strength: 0.5 }))),
      ...(await collect(complete(of, { category, strokes }))),
      ...(await collect(
        interpolate(of, { from: { category, seed: 1 }, to: { category: other, seed: 2 }, count: 2 }),
      )),
    ];
    return sketches.map((sketch) => sketch.strokes);
  };
  for (const [i, category] of names.entries()) {
    const { categories } = plain.config;
    const next = (i + 1) % 3;
    expect(await drawn(strange, category, names[next])).toEqual(
      await drawn(plain, categories[i], categories[next]),
    );
  }
  await expect(collect(sample(model, { category: "constructor" }))).rejects.toThrow(
    'has not learnt "constructor"',
  );
});

describe("brackets within brackets", () => {
  const deep = (open: string) => open.repeat(5e6);

  test.each([
    ["lists", deep("[")],
    ["objects", deep('{"a":')],
    ["lists that are closed", deep("[") + deep("]")],
  ])("%s, in the header of a file and in its configuration", (_, json) => {
    const header = new TextEncoder().encode(json);
    const bytes = new Uint8Array(8 + header.length);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
    bytes.set(header, 8);
    expect(refusal(bytes)).toContain("its header is not JSON (nested more than 100 deep");
    expect(refusal(fileOf(json))).toContain(
      "its metadata holds no model configuration (nested more than 100 deep",
    );
  });

  test("a key of millions of quotation marks is read", () => {
    const tensors: [string, StoredTensor][] = [
      ['"'.repeat(5e6), { dtype: "U8", shape: [0], data: new Uint8Array(0) }],
    ];
    expect([...decodeSafetensors(encodeSafetensors(tensors), "file").tensors.keys()][0].length).toBe(5e6);
  });
});

test("a model made by hand is checked before it draws", () => {
  const { config, weights } = model;
  const short = { config, weights: weights.subarray(1) };
  expect(() => openSession(short)).toThrow(/the model: expected \d+ weights for its config, found \d+/);
  expect(() => toModelOnnx(short)).toThrow("weights for its config");
  expect(() => openSession({ weights, config: { ...config, learnt: { normalisation: {} } } })).toThrow(
    'the model (config): normalisation: expected one for each category, "cat" has none',
  );
  expect(() => openSession({} as Model)).toThrow("the model (config): the whole: expected object");
});
