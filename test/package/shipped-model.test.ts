import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { collect } from "../../src/base/collect.ts";
import { CATEGORIES } from "../../src/data/catalogue.ts";
import { TEN } from "../../src/families/preset-data.ts";
import { familyNames, type Model } from "../../src/families/registry.ts";
import { openClassifier } from "../../src/metrics/classifier.ts";
import { recognition } from "../../src/metrics/recognition.ts";
import { loadModel, SHIPPED_MODEL, saveModel } from "../../src/node/model.ts";
import { openSession, sample } from "../../src/node/sample.ts";
import type { Sketch } from "../../src/sketch/sketch.ts";

let model: Model;
beforeAll(async () => {
  model = await loadModel();
});

describe("the model that ships", () => {
  test("knows all of Quick, Draw! and is small", () => {
    expect([...model.config.categories].sort()).toEqual([...CATEGORIES].sort());
    expect(model.weights.length).toBeLessThanOrEqual(8e6);
    expect(statSync(join(SHIPPED_MODEL, "model.safetensors")).size).toBeLessThanOrEqual(16e6);
  });

  test("has the scheduler's file that a model is saved with", async () => {
    const folder = mkdtempSync(join(tmpdir(), "cizgi-shipped-"));
    await saveModel(folder, model);
    const [shipped, saved] = [SHIPPED_MODEL, folder].map((of) =>
      readFileSync(join(of, "scheduler_config.json"), "utf8"),
    );
    rmSync(folder, { recursive: true });
    expect(shipped).toBe(saved);
  });

  test("draws what it is asked for: the classifier names most drawings among its first five", async () => {
    const network = await openClassifier();
    const session = openSession(model);
    const asked = network.categories.filter((_, i) => i % 15 === 0);
    const sketches: Sketch[] = [];
    for (const category of asked)
      sketches.push(...(await collect(session.sample({ category, count: 4, seed: 1 }))));
    await session.dispose();
    const { logits } = await network.describe(sketches);
    await network.dispose();
    const labels = Uint32Array.from(sketches, ({ word = "" }) => network.categories.indexOf(word));
    const { top5 } = recognition({ logits, labels, categories: network.categories });
    expect(top5).toBeGreaterThan(0.5);
  });
});

describe("the models of families that ship", () => {
  test.each(familyNames)("%s: draws the ten categories, of 8 bits a number", async (family) => {
    const folder = join("models/ten", family);
    const { config, weights } = await loadModel({ family });
    expect([config.network.family, config.categories]).toEqual([family, TEN.categories]);
    expect(statSync(join(folder, "model.safetensors")).size).toBeLessThan(1.06 * weights.length);
    const [drawing] = await collect(sample({ config, weights }, { category: "clock" }));
    expect(drawing.strokes.length).toBeGreaterThan(0);
  });
});
