import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collect } from "../../src/base/collect.ts";
import { sampleCommand } from "../../src/cli/commands/sample.ts";
import { teachCommand } from "../../src/cli/commands/teach.ts";
import { drawSynthetic } from "../../src/data/synthetic.ts";
import { adapt, encodeAdapter } from "../../src/families/adapter.ts";
import { toNdjson } from "../../src/families/ndjson.ts";
import { loadAdapters } from "../../src/node/adapter.ts";
import { saveModel } from "../../src/node/model.ts";
import { sample } from "../../src/node/sample.ts";
import { type TeachEvent, teach } from "../../src/workflows/teach.ts";
import { runHere } from "../cli/in-process.ts";
import { untrained } from "../families/tiny-model.ts";

const folder = mkdtempSync(join(tmpdir(), "cizgi-teach-"));
afterAll(() => rmSync(folder, { recursive: true }));
const place = (...names: string[]) => join(folder, ...names);

const model = untrained({ network: { points: 32 } });
const drawings = Array.from({ length: 8 }, (_, i) => drawSynthetic("rabbit", 1, i));
const wanted = { category: "hare", drawings, model, rank: 2, steps: 60, threads: 1 };
const before = model.weights.slice();

let events: TeachEvent[] = [];
beforeAll(async () => {
  events = await collect(teach(wanted));
});
const taught = () => {
  const last = events[events.length - 1];
  if (last.kind !== "taught") throw new Error("teaching ended without an adapter");
  return last;
};

describe("teaching", () => {
  test("learns the drawings, and looks at those held out in between", () => {
    const steps = events.flatMap((event) => (event.kind === "step" ? [event] : []));
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    const looked = steps.flatMap(({ heldOutLoss }) => heldOutLoss ?? []);
    expect(looked).toHaveLength(3);
    expect(looked[2]).toBeLessThan(looked[0]);
    const mean = (some: typeof steps) => some.reduce((sum, { loss }) => sum + loss / some.length, 0);
    expect(mean(steps.slice(40))).toBeLessThan(mean(steps.slice(0, 20)));
  });

  test("leaves the model as it was: what it knew it draws with the same numbers", async () => {
    expect(model.weights).toEqual(before);
    const snail = await adapt(model, taught().adapter);
    expect(snail.guide).not.toEqual(snail.weights);
    const cats = { category: "cat", count: 2, seed: 5 };
    expect(await collect(sample(model, cats))).toEqual(
      await collect(sample(untrained({ network: { points: 32 } }), cats)),
    );
  });

  test("says what it was taught with, and how new what is drawn is", () => {
    const { adapter, likeness } = taught();
    expect(adapter.config).toMatchObject({
      category: "hare",
      base: { name: "the model that ships" },
      rank: 2,
      taught: { drawings: 6, heldOut: 2, steps: 60, seed: 0 },
      measured: { novelty: likeness.ratio, copies: likeness.copies },
    });
    expect(likeness.drawn).toHaveLength(48);
    if (likeness.memorised) expect(drawings).toContain(likeness.memorised.drawing);
  });

  test("a category that the model knows keeps its name and its normalisation", async () => {
    const [last] = (await collect(teach({ ...wanted, category: "CAT", steps: 1 }))).slice(-1);
    if (last.kind !== "taught") throw new Error("teaching ended without an adapter");
    const { category, learnt } = last.adapter.config;
    expect({ category, learnt }).toEqual({
      category: "cat",
      learnt: { normalisation: { cat: model.config.learnt.normalisation.cat } },
    });
  });

  test("is refused with fewer than five different drawings, and of models with guidance distilled", async () => {
    const few = [...drawings.slice(0, 4), drawings[0]];
    await expect(collect(teach({ ...wanted, drawings: few }))).rejects.toThrow(
      "4 drawings are too few to teach, expected at least 5 different ones",
    );
    const told = untrained({ network: { points: 32, maxGuidance: 4 } });
    await expect(collect(teach({ ...wanted, model: told }))).rejects.toThrow("cannot be taught");
  });
});

describe("cizgi teach", () => {
  test("reads drawings, writes the same adapter, and sample draws with it", async () => {
    await saveModel(place("model"), model);
    const lines = drawings.map((sketch) => toNdjson({ ...sketch, word: "hare", seed: 0, index: 0 }));
    writeFileSync(place("hares.ndjson"), lines.join(""));
    const flags = ["--drawings", place("hares.ndjson"), "--model", place("model"), "--threads", "1"];
    const small = ["--rank", "2", "--steps", "60", "--out", place("mine"), "--json"];
    const { stdout, stderr } = await runHere(teachCommand(), ["hare", ...flags, ...small]);
    expect(JSON.parse(stdout)).toMatchObject({ file: place("mine/hare.safetensors"), category: "hare" });
    expect(stderr).toContain("Learnt from 6 drawings in 60 steps, 2 held out. Novelty");
    const [adapter] = await loadAdapters(place("mine"));
    const { config, tensors } = taught().adapter;
    const renamed = { tensors, config: { ...config, base: { ...config.base, name: "model" } } };
    expect(encodeAdapter(adapter)).toEqual(encodeAdapter(renamed));

    const draw = ["--adapter", place("mine"), "--model", place("model"), "--out", place("hare.ndjson")];
    await runHere(sampleCommand(), ["hare", ...draw, "--count", "2"]);
    const here = await collect(sample(await adapt(model, adapter), { category: "hare", count: 2 }));
    expect(readFileSync(place("hare.ndjson"), "utf8")).toBe(here.map(toNdjson).join(""));
    await expect(runHere(sampleCommand(), ["cat", ...draw])).rejects.toThrow(
      "What the model itself knows it draws without --adapter.",
    );
    expect(readdirSync(place("mine"))).toEqual(["hare.safetensors"]);
  });

  test("wants to know the drawings", async () => {
    await expect(runHere(teachCommand(), ["hare", "--out", place("none")])).rejects.toThrow(
      "--drawings FILE",
    );
    const missing = ["hare", "--drawings", place("nothing.svg"), "--out", place("none")];
    await expect(runHere(teachCommand(), missing)).rejects.toThrow("no such file");
  });
});
