import { beforeAll, describe, expect, test } from "vitest";
import type { ModelConfig } from "../../src/config/model.ts";
import { buildNetwork } from "../../src/models/network.ts";
import { parameterViews } from "../../src/nn/parameters.ts";
import { compile } from "../../src/runtime/program.ts";
import { networkConfigOf } from "../../src/sampling/model.ts";
import { weightsToStartFrom } from "../../src/training/start.ts";
import { untrained } from "../sampling/tiny-model.ts";
import { type Prepared, prepare, tinyQuick } from "./tiny.ts";

const model = untrained({ points: 32 });

let prepared: Prepared;
beforeAll(async () => {
  prepared = await prepare(tinyQuick);
});

/** What a network with these weights says of some drawings, of which nothing is known. */
async function predictionOf(config: ModelConfig, weights: Float32Array) {
  const { output, parameters } = buildNetwork(networkConfigOf(config), 2);
  const initializers = parameterViews(parameters, weights);
  const program = await compile({ prediction: output.prediction }, { initializers });
  const { prediction } = await program.run({
    noisy: Float32Array.from({ length: 2 * 3 * config.points }, (_, i) => Math.sin(i)),
    times: Float32Array.of(40, 3),
    labels: BigInt64Array.of(1n, 2n),
    known: new Float32Array(2 * config.points),
  });
  await program.dispose();
  return prediction;
}

describe("a training that starts from a model", () => {
  test("begins with its weights", () => {
    expect(weightsToStartFrom(model, prepared.config)).toEqual(model.weights);
  });

  test("begins as the model even where the network is to be told what is known", async () => {
    const weights = weightsToStartFrom(model, { ...prepared.config, beginnings: 0.3 });
    expect(weights.length).toBe(model.weights.length + model.config.baseChannels);
    const found = await predictionOf({ ...model.config, beginnings: 0.3 }, weights);
    const expected = await predictionOf(model.config, model.weights);
    for (const [i, value] of found.entries()) expect(value).toBeCloseTo(expected[i], 5);
  });

  test("is refused where the networks differ, by the name of the setting", () => {
    const start = (over: object) => () => weightsToStartFrom(model, { ...prepared.config, ...over });
    expect(start({ baseChannels: 16 })).toThrow("baseChannels: the run has 16, the model to start from 8");
    expect(start({ categories: ["cat", "rabbit"] })).toThrow("categories: the run has cat,rabbit");
  });
});
