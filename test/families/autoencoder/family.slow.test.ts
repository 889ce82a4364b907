import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { at } from "../../../src/base/at.ts";
import { collect } from "../../../src/base/collect.ts";
import { familyOf, type Model, parseModelConfig } from "../../../src/families/registry.ts";
import { able, type Session } from "../../../src/families/session.ts";
import { loadModel } from "../../../src/node/model.ts";
import { openSession, reconstruct, sample } from "../../../src/node/sample.ts";
import { untrained } from "../tiny-model.ts";
import { type TinyName, tinyDrawings, tinyRuns, trainTiny } from "./tiny.ts";

const folder = mkdtempSync(join(tmpdir(), "cizgi-codes-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Trains in a process of its own that ends by SIGKILL after so many steps. */
async function trainAndKill(run: string, name: TinyName, steps: number): Promise<void> {
  const args = ["--import", "tsx", "test/families/autoencoder/child.ts", run, name, String(steps)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  expect(await new Promise((resolve) => child.on("close", (code, signal) => resolve(signal ?? code)))).toBe(
    "SIGKILL",
  );
}

describe.each(Object.keys(tinyRuns) as TinyName[])("a model of the family %s", (name) => {
  const config = tinyRuns[name];
  const whole = join(folder, name);
  let model: Model;
  let session: Session;
  let steps: string[];
  beforeAll(async () => {
    const events = await collect(trainTiny(whole, config));
    steps = events.flatMap((event) => (event.kind === "step" ? [event.stage] : []));
    model = await loadModel(whole);
    session = openSession(model, { threads: 1 });
  });
  afterAll(() => session.dispose());

  const draw = (count: number) => collect(session.sample({ category: "cat", seed: 3, count }));

  test("is trained in two stages, and has the statistics of its codes", () => {
    expect(steps).toEqual([...steps].sort());
    expect(new Set(steps)).toEqual(new Set(["autoencoder", "prior"]));
    const { learnt } = parseModelConfig(model.config, "the model");
    expect(learnt).toMatchObject({ codes: { mean: expect.any(Array), std: expect.any(Array) } });
  });

  test("killed in the first stage and in the second, then resumed, ends with the same bits", async () => {
    const run = join(folder, `${name}-killed`);
    const perStage = steps.length / 2;
    await trainAndKill(run, name, perStage - 2);
    // The first stage's end is done again, and most of the second.
    await trainAndKill(run, name, perStage);
    await collect(trainTiny(run, config));
    const files = ["model/model.safetensors", "config.json"];
    for (const file of files)
      expect(readFileSync(join(run, file)).equals(readFileSync(join(whole, file)))).toBe(true);
  });

  test("draws the same drawings whatever the batch, each of its own index", async () => {
    const five = await draw(5);
    expect(five.map(({ index, word, seed }) => [index, word, seed])).toEqual(
      Array.from({ length: 5 }, (_, i) => [i, "cat", 3]),
    );
    expect(await draw(2)).toEqual(five.slice(0, 2));
  });

  test("tells how far it is, and shows where the drawings stand", async () => {
    const shares: number[] = [];
    let steps = 0;
    const onStep = () => {
      steps++;
    };
    const drawn = await collect(
      session.sample({ category: "bus", count: 2, onProgress: (share) => shares.push(share), onStep }),
    );
    expect(drawn).toHaveLength(2);
    expect(steps).toBe(3);
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
  });

  test("interpolates from one end to the other, an end as it is drawn by itself", async () => {
    const [, second] = await collect(session.sample({ category: "cat", seed: 3, count: 2, eta: 0 }));
    const sketch = at(at(await tinyDrawings(config), 1).sketches, 0);
    const row = await collect(
      able(
        session,
        "interpolate",
      )({
        from: { category: "cat", seed: 3, index: 1 },
        to: { category: "bus", sketch },
        count: 4,
      }),
    );
    expect(row.map(({ word, index }) => [word, index])).toEqual([
      ["cat", 0],
      ["cat", 1],
      ["bus", 2],
      ["bus", 3],
    ]);
    if (name === "latent") {
      expect(at(row, 0).strokes).toEqual(second?.strokes);
      const [again] = await collect(able(session, "reconstruct")({ category: "bus", sketch }));
      expect(at(row, 3).strokes).toEqual(again?.strokes);
    }
  });

  test("reconstructs a drawing from its code", async () => {
    const sketch = at(at(await tinyDrawings(config), 1).sketches, 0);
    const again = async (request: object) =>
      collect(reconstruct(model, { category: "bus", sketch, ...request }));
    const [first] = await again({});
    expect(await again({})).toEqual([first]);
    expect(first).toMatchObject({ word: "bus", seed: 0, index: 0 });
    if (name === "latent") await expect(again({ steps: 2 })).rejects.toThrow('unknown key "steps"');
    else {
      const three = await again({ count: 3 });
      expect(three[0]).toEqual(first);
      expect(three[1]?.strokes).not.toEqual(first?.strokes);
      expect(await again({ steps: 2 })).not.toEqual([first]);
    }
  });

  test.each([
    [{ category: "dog" }, 'this model has not learnt "dog".'],
    [{ category: "cat", steps: 101 }, "this model has 100 time steps"],
    [{ category: "cat", temperature: 1 }, 'unknown key "temperature"'],
  ])("refuses %o", async (request, message) => {
    await expect(async () => collect(session.sample(request))).rejects.toThrow(message);
  });

  test("refuses what is no model of it, and a model to begin with", () => {
    const { learnt } = model.config;
    const short = { ...model.config, learnt: { ...learnt, codes: { mean: [0], std: [1] } } };
    expect(() => parseModelConfig(short, "the model")).toThrow(
      /the model: learnt\.codes\.mean: expected \d+ numbers, found 1/,
    );
    const many = { ...model.config, sampling: { ...model.config.sampling, steps: 101 } };
    expect(() => parseModelConfig(many, "the model")).toThrow("expected no more than diffusionSteps 100");
    expect(() => familyOf(config).requireStart(config, model)).toThrow("is trained from the beginning");
  });
});

test("a model without codes says that it cannot reconstruct", async () => {
  const model = untrained();
  const { strokes } = at(await collect(sample(model, { category: "cat", steps: 1 })), 0);
  await expect(reconstruct(model, { category: "cat", sketch: { strokes } }).next()).rejects.toThrow(
    "models of this family cannot reconstruct drawings.",
  );
});
