import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { collect } from "../../src/base/collect.ts";
import { randomStream } from "../../src/base/random.ts";
import {
  type Adapter,
  type AdapterConfig,
  adapt,
  adaptingOf,
  encodeAdapter,
  hashOf,
} from "../../src/families/adapter.ts";
import { familyNames, familyOf, type Model } from "../../src/families/registry.ts";
import { parameterCount } from "../../src/nn/parameters.ts";
import { loadAdapters, saveAdapter } from "../../src/node/adapter.ts";
import { saveModel } from "../../src/node/model.ts";
import { complete, interpolate, sample, vary } from "../../src/node/sample.ts";
import { encodeSafetensors } from "../../src/weights/safetensors.ts";
import { splitTensors } from "../../src/weights/tensors.ts";
import { untrained } from "./tiny-model.ts";
import { tinyModel } from "./tiny-models.ts";

const folder = mkdtempSync(join(tmpdir(), "cizgi-adapter-"));
afterAll(() => rmSync(folder, { recursive: true }));
const place = (name: string) => join(folder, name);

const model = untrained();
const RANK = 2;
const measured = { normalisation: { snail: { mean: [0, 0.1], std: 0.6 } } };

/** An adapter that was never taught: numbers of this size, none of them 0. */
async function adapterOf(of: Model, size: number, over: Partial<AdapterConfig> = {}): Promise<Adapter> {
  const parameters = adaptingOf(of).parameters(of, RANK);
  const stream = randomStream(4);
  const own = Float32Array.from({ length: parameterCount(parameters) }, () => size * stream.normal());
  const config = {
    adapter: 1,
    category: "snail",
    base: { name: "tiny", sha256: await hashOf(of.weights) },
    rank: RANK,
    guidance: 1.25,
    learnt: measured,
    taught: { drawings: 8, heldOut: 2, steps: 40, seed: 1 },
    ...over,
  };
  return { config, tensors: new Map(splitTensors(parameters, own, { precision: "int8" })) };
}

const known = (category: string) => ({
  category,
  learnt: { normalisation: { [category]: model.config.learnt.normalisation[category] } },
});
const draw = (of: Model, category: string, guidance?: number) =>
  collect(sample(of, { category, count: 2, seed: 3, ...(guidance !== undefined && { guidance }) }));
const strokes = async (of: Model, category: string, guidance?: number) =>
  (await draw(of, category, guidance)).map(({ strokes }) => strokes);

describe("a model with an adapter", () => {
  test("draws the adapter's category, and leaves the model as it was: what that draws is the same", async () => {
    const before = model.weights.slice();
    const cats = await draw(model, "cat");
    const adapted = await adapt(model, await adapterOf(model, 0.1));
    expect(adapted.config.categories).toEqual(["snail"]);
    expect((await draw(adapted, "snail")).map(({ word }) => word)).toEqual(["snail", "snail"]);
    expect(model.weights).toEqual(before);
    expect(await draw(model, "cat")).toEqual(cats);
    await expect(draw(adapted, "cat")).rejects.toThrow('this model has not learnt "cat"');
    await expect(saveModel(place("adapted"), adapted)).rejects.toThrow("save its adapter");
  });

  test("draws as the model does where the adapter's numbers are 0", async () => {
    const cat = await adapt(model, await adapterOf(model, 0, known("cat")));
    for (const guidance of [1, 3])
      expect(await strokes(cat, "cat", guidance)).toEqual(await strokes(model, "cat", guidance));
  });

  test("begins a category that the model has not learnt as no class: guidance then changes nothing", async () => {
    const snail = await adapt(model, await adapterOf(model, 0));
    expect(await strokes(snail, "snail", 3)).toEqual(await strokes(snail, "snail", 1));
  });

  test("is guided away from what the model says without a category, not from what the adapter says", async () => {
    const adapted = await adapt(model, await adapterOf(model, 0.1));
    const { guide: _, ...byItself } = adapted;
    expect(await strokes(adapted, "snail", 3)).not.toEqual(await strokes(byItself, "snail", 3));
    expect(await strokes(adapted, "snail", 1)).toEqual(await strokes(byItself, "snail", 1));
  });

  test("takes its own guidance unless told", async () => {
    const snail = await adapt(model, await adapterOf(model, 0.1, { guidance: 2 }));
    expect(await draw(snail, "snail")).toEqual(await draw(snail, "snail", 2));
  });

  test("varies, completes and interpolates drawings", async () => {
    const snail = await adapt(model, await adapterOf(model, 0.1));
    const [first] = await draw(snail, "snail");
    const category = "snail";
    const end = (seed: number) => ({ category, seed });
    expect(await collect(vary(snail, { category, sketch: first, strength: 0.5, count: 2 }))).toHaveLength(2);
    expect(await collect(complete(snail, { category, strokes: [first.strokes[0]] }))).toHaveLength(1);
    expect(await collect(interpolate(snail, { from: end(1), to: end(2), count: 3 }))).toHaveLength(3);
  });

  test("draws the same drawing whatever the batch", async () => {
    const snail = await adapt(model, await adapterOf(model, 0.1));
    const five = await collect(sample(snail, { category: "snail", count: 5, seed: 3 }));
    expect(five.slice(0, 2)).toEqual(await draw(snail, "snail"));
  });

  test.each(["transformer", "full-sequence"] as const)("may be of the family %s", async (family) => {
    const of = tinyModel(family);
    expect(await draw(await adapt(of, await adapterOf(of, 0.1)), "snail")).toHaveLength(2);
  });
});

test("families without adapters say so", () => {
  const without = familyNames
    .map((family) => tinyModel(family))
    .filter(({ config }) => familyOf(config).adapting === undefined);
  expect(without.length).toBeGreaterThan(0);
  for (const { config } of without)
    expect(() => adaptingOf({ config })).toThrow(
      `models of the family ${config.network.family} take no adapters.`,
    );
});

describe("an adapter's file", () => {
  test("is read as it was written", async () => {
    const adapter = await adapterOf(model, 0.1, { measured: { novelty: 0.9, copies: 0.02 } });
    const file = await saveAdapter(place("snails"), adapter);
    expect(file).toBe(place("snails/snail.safetensors"));
    const [{ config, tensors }] = await loadAdapters(file);
    expect(config).toEqual(adapter.config);
    expect(encodeAdapter({ config, tensors })).toEqual(encodeAdapter(adapter));
    expect(await draw(await adapt(model, { config, tensors }), "snail")).toEqual(
      await draw(await adapt(model, adapter), "snail"),
    );
  });

  test("lies beside others in a folder, and takes the place of an older one", async () => {
    for (const category of ["cat", "snail", "cat"])
      await saveAdapter(place("several"), await adapterOf(model, 0.1, known(category)));
    const categories = (await loadAdapters(place("several"))).map(({ config }) => config.category);
    expect(categories).toEqual(["cat", "snail"]);
    copyFileSync(place("several/cat.safetensors"), place("several/copy.safetensors"));
    await expect(loadAdapters(place("several"))).rejects.toThrow("are both of cat");
  });

  test("is refused where it is missing, cut short, a model, or newer", async () => {
    await expect(loadAdapters(place("nowhere"))).rejects.toThrow("there is no such file or folder");
    await saveModel(place("model"), model);
    await expect(loadAdapters(place("model"))).rejects.toThrow("expected an adapter");
    const bytes = encodeAdapter(await adapterOf(model, 0.1));
    const cut = place("cut.safetensors");
    writeFileSync(cut, bytes.subarray(0, bytes.length - 100));
    await expect(loadAdapters(cut)).rejects.toThrow(`${cut}: not a usable safetensors file`);
    writeFileSync(cut, encodeAdapter(await adapterOf(model, 0.1, { adapter: 2 })));
    await expect(loadAdapters(cut)).rejects.toThrow("written by a newer cizgi");
    const { config } = await adapterOf(model, 0.1);
    writeFileSync(cut, encodeSafetensors([], { config: JSON.stringify({ ...config, rank: 0 }) }));
    await expect(loadAdapters(cut)).rejects.toThrow("rank");
    expect(readFileSync(cut).length).toBeGreaterThan(0);
  });

  test("is refused by another model than it was taught to, and where its numbers do not fit", async () => {
    const adapter = await adapterOf(model, 0.1);
    const weights = model.weights.slice();
    weights[0] = 1;
    await expect(adapt({ ...model, weights }, adapter)).rejects.toThrow(
      "the adapter of snail belongs to another model: to tiny, whose weights have the SHA-256",
    );
    const higher = { ...adapter, config: { ...adapter.config, rank: RANK + 1 } };
    await expect(adapt(model, higher)).rejects.toThrow("the adapter of snail: tensor");
    const broken = await adapterOf(model, Number.NaN);
    await expect(adapt(model, broken)).rejects.toThrow("expected finite ones");
    const strange = { ...adapter, config: { ...adapter.config, learnt: { normalisation: 3 } } };
    await expect(adapt(model, strange)).rejects.toThrow("the adapter of snail (learnt)");
  });
});
