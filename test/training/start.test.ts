import { beforeAll, describe, expect, test } from "vitest";
import type { ModelConfig } from "../../src/config/model.ts";
import { buildNetwork } from "../../src/models/network.ts";
import { parameterViews } from "../../src/nn/parameters.ts";
import { compile } from "../../src/runtime/program.ts";
import { networkConfigOf, parametersOf } from "../../src/sampling/model.ts";
import { weightsToStartFrom } from "../../src/training/start.ts";
import { untrained } from "../sampling/tiny-model.ts";
import { type Prepared, prepare, tinyQuick } from "./tiny.ts";

const model = untrained({ points: 32 });

let prepared: Prepared;
beforeAll(async () => {
  prepared = await prepare(tinyQuick);
});

const viewsOf = (config: ModelConfig, weights: Float32Array) =>
  parameterViews(parametersOf(networkConfigOf(config)), weights);

/** What a network with these weights says of some drawings, of which nothing is known. */
async function predictionOf(config: ModelConfig, weights: Float32Array, guidance = 1) {
  const { output, parameters } = buildNetwork(networkConfigOf(config), 2);
  const initializers = parameterViews(parameters, weights);
  const program = await compile({ prediction: output.prediction }, { initializers });
  const { prediction } = await program.run({
    noisy: Float32Array.from({ length: 2 * 3 * config.points }, (_, i) => Math.sin(i)),
    times: Float32Array.of(40, 3),
    labels: BigInt64Array.of(1n, 2n),
    known: new Float32Array(2 * config.points),
    guidance: new Float32Array(2).fill(guidance),
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

  test("begins as the model where nothing is known, if the network is no longer to be told", async () => {
    const told = untrained({ points: 32, beginnings: 0.3 });
    const weights = weightsToStartFrom(told, { ...prepared.config, beginnings: 0 });
    expect(weights.length).toBe(told.weights.length - told.config.baseChannels);
    const found = await predictionOf({ ...told.config, beginnings: 0 }, weights);
    const expected = await predictionOf(told.config, told.weights);
    for (const [i, value] of found.entries()) expect(value).toBeCloseTo(expected[i], 5);
  });

  const wider = { baseChannels: 16, attentionHeads: 8, normGroups: 8 };

  test("begins as the model even where the network is wider", async () => {
    // With 100 time steps, these two sinusoids are among those of any size: sin t and cos t.
    const weights = model.weights.slice();
    const times = viewsOf(model.config, weights).get("time_mlp.1.weight") ?? new Float32Array();
    for (let i = 0; i < times.length; i++) if (i % (model.config.baseChannels / 2) > 0) times[i] = 0;

    const start = weightsToStartFrom({ ...model, weights }, { ...prepared.config, ...wider });
    const found = await predictionOf({ ...model.config, ...wider }, start);
    const expected = await predictionOf(model.config, weights);
    // A ridge of 1 takes a fiftieth of a sinusoid whose squares sum to 50.
    for (const [i, value] of found.entries()) expect(value).toBeCloseTo(expected[i], 2);
  });

  test("has room to learn in a wider network: what is new is not 0, and different in every seed", () => {
    const start = (seed: number) =>
      viewsOf(
        { ...model.config, ...wider },
        weightsToStartFrom(model, { ...prepared.config, ...wider, seed }),
      );
    const [first, second] = [start(1), start(2)].map((views) => [...(views.get("down1.conv2.weight") ?? [])]);
    const row = wider.baseChannels * 3;
    const old = 8 * row;
    expect(first.slice(0, old)).toEqual(second.slice(0, old));
    expect(first.slice(old).filter((value) => value === 0)).toEqual([]);
    expect(first.slice(old)).not.toEqual(second.slice(old));
  });

  test("is refused where the networks differ, by the name of the setting", () => {
    const start = (over: object) => () => weightsToStartFrom(model, { ...prepared.config, ...over });
    expect(start({ baseChannels: 4 })).toThrow(
      "baseChannels: the run has 4, fewer than the model to start from",
    );
    expect(start({ baseChannels: 16 })).toThrow(
      "attentionHeads: the run has 4; to start from 4 with 8 channels, 16 channels need 8",
    );
    expect(start({ baseChannels: 9 })).toThrow(
      "9 channels need a whole number of them: another baseChannels",
    );
    expect(start({ points: 16 })).toThrow("points: the run has 16, the model to start from 32");
    expect(start({ categories: ["cat", "rabbit"] })).toThrow("categories: the run has cat,rabbit");
  });

  test("begins as a model with guidance folded in draws when told 1", async () => {
    const told = untrained({ points: 32, mostGuidance: 4 });
    const weights = weightsToStartFrom(told, prepared.config);
    const found = await predictionOf({ ...told.config, mostGuidance: undefined }, weights);
    const expected = await predictionOf(told.config, told.weights, 1);
    for (const [i, value] of found.entries()) expect(value).toBeCloseTo(expected[i], 5);
    const other = await predictionOf(told.config, told.weights, 3);
    expect(Math.max(...other.map((value, i) => Math.abs(value - expected[i])))).toBeGreaterThan(1e-3);
  });
});
