import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { collect } from "../../../src/base/collect.ts";
import { configure, loadModel, type Sketch, sample, train } from "../../../src/index.ts";

const root = mkdtempSync(join(tmpdir(), "cizgi-sketchrnn-"));
afterAll(() => rmSync(root, { recursive: true }));

/** Zigzags of four corners: all alike but for their height. */
const zigzags = Array.from({ length: 64 }, (_, i): Sketch => {
  const height = 40 + i;
  return { strokes: [{ x: [0, 80, 160, 240], y: [0, height, 0, height] }] };
});
const drawings = [{ category: "zigzag", sketches: zigzags }];

const tiny = {
  points: 8,
  simplify: 0,
  hidden: 24,
  classWidth: 2,
  batchSize: 16,
  epochs: 30,
  warmupEpochs: 0,
  draws: 5,
};
const sizes = {
  "sketchrnn-mdn": { ...tiny, mixtures: 2 },
  "sketchrnn-diffusion": { ...tiny, headWidth: 16, headBlocks: 1 },
};

describe.each(["sketchrnn-mdn", "sketchrnn-diffusion"] as const)("%s", (family) => {
  const configured = (more: object = {}) =>
    configure("quick", { family, ...sizes[family], augment: false, learningRate: 0.01, ...more });

  test("learns, and what it has learnt can be read and draws", async () => {
    const folder = join(root, family);
    const losses: number[] = [];
    for await (const event of train({ folder, config: configured(), drawings }))
      if (event.kind === "step") losses.push(event.report.losses.loss);
    expect(losses).toHaveLength(30 * 4);
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    expect(mean(losses.slice(-8))).toBeLessThan(mean(losses.slice(0, 8)) / 2);
    const model = await loadModel(folder);
    const [drawn] = await collect(sample(model, { category: "zigzag", temperature: 0.1, threads: 1 }));
    expect(drawn?.strokes).toHaveLength(1);
    expect(drawn?.word).toBe("zigzag");

    // Another training may begin with its weights, not with those of another size.
    const further = configured({ epochs: 1 });
    for await (const event of train({
      folder: join(root, `${family}-on`),
      config: further,
      drawings,
      from: model,
    }))
      if (event.kind === "step" && event.report.step === 1)
        expect(event.report.losses.loss).toBeLessThan(mean(losses.slice(0, 8)));
    const wider = train({
      folder: join(root, "wider"),
      config: configured({ hidden: 32 }),
      drawings,
      from: model,
    });
    await expect(collect(wider)).rejects.toThrow("hidden: the run has 32, the model to start from 24");
  });

  test("goes on where it was stopped, and ends with the same weights", async () => {
    const config = configured({ augment: true, epochs: 3 });
    const whole = join(root, `${family}-whole`);
    await collect(train({ folder: whole, config, drawings }));
    const parts = join(root, `${family}-parts`);
    const controller = new AbortController();
    const begun = async () => {
      for await (const event of train({ folder: parts, config, drawings, signal: controller.signal }))
        if (event.kind === "step" && event.report.step === 5) controller.abort();
    };
    await expect(begun()).rejects.toThrow("aborted");
    await collect(train({ folder: parts, config, drawings, resume: true }));
    expect((await loadModel(parts)).weights).toEqual((await loadModel(whole)).weights);
  });

  test("refuses settings that it has not", () => {
    expect(() => configured({ prediction: "v" })).toThrow('unknown key "prediction"');
    expect(() => configured({ points: 2 })).toThrow("points");
  });
});
