import { describe, expect, test } from "vitest";
import { buildNetwork, parametersOf, sizesOf } from "../../../src/families/denoiser/network.ts";
import type { DenoiserConfig, DenoiserModel } from "../../../src/families/denoiser/settings.ts";
import { startOf } from "../../../src/families/denoiser/start.ts";
import { unet1d } from "../../../src/families/unet1d/family.ts";
import { grow } from "../../../src/families/unet1d/grow.ts";
import { network } from "../../../src/families/unet1d/network.ts";
import type { UNet1dSettings } from "../../../src/families/unet1d/settings.ts";
import { parameterViews } from "../../../src/nn/parameters.ts";
import { compile } from "../../../src/runtime/program.ts";
import { tinyQuick } from "../../training/tiny.ts";
import { type Changes, untrained } from "../tiny-model.ts";

type Model = DenoiserModel<UNet1dSettings>;
type ModelConfig = DenoiserConfig<UNet1dSettings>;

function tiny(over: Changes["network"]): Model {
  const { config, weights } = untrained({ network: { points: 32, ...over } });
  return { config: unet1d.parseModel(config, "tiny"), weights };
}
const model = tiny({});

const sizedOf = (config: ModelConfig) => ({ network, sizes: sizesOf(config) });
const viewsOf = (config: ModelConfig, weights: Float32Array) =>
  parameterViews(parametersOf(sizedOf(config)), weights);

/** A model's configuration with some of its network's settings changed. */
const withNetwork = (config: ModelConfig, over: Changes["network"]): ModelConfig => ({
  ...config,
  network: { ...config.network, ...over },
});

/** The beginning of a run of the tiny network with some settings changed. */
function weightsToStartFrom(
  trained: Model,
  over: Changes["network"] = {},
  seed = 42,
  categories: readonly string[] = tinyQuick.data.categories,
) {
  const { network: settings, sampling } = tinyQuick;
  const wanted = {
    ...trained.config,
    categories: [...categories],
    network: { ...settings, ...over },
    sampling,
  };
  return startOf({ network, grow }, trained, wanted, seed);
}

/** What a network with these weights says of some drawings, of which nothing is known. */
async function predictionOf(config: ModelConfig, weights: Float32Array, guidance = 1) {
  const { output, parameters } = buildNetwork(sizedOf(config), 2);
  const initializers = parameterViews(parameters, weights);
  const program = await compile({ prediction: output.prediction }, { initializers });
  const { prediction } = await program.run({
    noisy: Float32Array.from({ length: 2 * 3 * config.network.points }, (_, i) => Math.sin(i)),
    times: Float32Array.of(40, 3),
    labels: BigInt64Array.of(1n, 2n),
    known: new Float32Array(2 * config.network.points),
    guidance: new Float32Array(2).fill(guidance),
  });
  await program.dispose();
  return prediction;
}

describe("a training that starts from a model", () => {
  test("begins with its weights", () => {
    expect(weightsToStartFrom(model)).toEqual(model.weights);
  });

  test("begins as the model even where the network is to be told what is known", async () => {
    const weights = weightsToStartFrom(model, { prefixConditioning: 0.3 });
    expect(weights.length).toBe(model.weights.length + model.config.network.baseChannels);
    const found = await predictionOf(withNetwork(model.config, { prefixConditioning: 0.3 }), weights);
    const expected = await predictionOf(model.config, model.weights);
    for (const [i, value] of found.entries()) expect(value).toBeCloseTo(expected[i], 5);
  });

  test("begins as the model where nothing is known, if the network is no longer to be told", async () => {
    const told = tiny({ prefixConditioning: 0.3 });
    const weights = weightsToStartFrom(told, { prefixConditioning: 0 });
    expect(weights.length).toBe(told.weights.length - told.config.network.baseChannels);
    const found = await predictionOf(withNetwork(told.config, { prefixConditioning: 0 }), weights);
    const expected = await predictionOf(told.config, told.weights);
    for (const [i, value] of found.entries()) expect(value).toBeCloseTo(expected[i], 5);
  });

  const wider = { baseChannels: 16, attentionHeads: 8, normGroups: 8 };

  test("begins as the model even where the network is wider", async () => {
    // With 100 time steps, these two sinusoids are among those of any size: sin t and cos t.
    const weights = model.weights.slice();
    const times = viewsOf(model.config, weights).get("time_mlp.1.weight") ?? new Float32Array();
    for (let i = 0; i < times.length; i++) if (i % (model.config.network.baseChannels / 2) > 0) times[i] = 0;

    const start = weightsToStartFrom({ ...model, weights }, wider);
    const found = await predictionOf(withNetwork(model.config, wider), start);
    const expected = await predictionOf(model.config, weights);
    // A ridge of 1 takes a fiftieth of a sinusoid whose squares sum to 50.
    for (const [i, value] of found.entries()) expect(value).toBeCloseTo(expected[i], 2);
  });

  test("has room to learn in a wider network: what is new is not 0, and different in every seed", () => {
    const start = (seed: number) =>
      viewsOf(withNetwork(model.config, wider), weightsToStartFrom(model, wider, seed));
    const [first, second] = [start(1), start(2)].map((views) => [...(views.get("down1.conv2.weight") ?? [])]);
    const row = wider.baseChannels * 3;
    const old = 8 * row;
    expect(first.slice(0, old)).toEqual(second.slice(0, old));
    expect(first.slice(old).filter((value) => value === 0)).toEqual([]);
    expect(first.slice(old)).not.toEqual(second.slice(old));
  });

  test("is refused where the networks differ, by the name of the setting", () => {
    const start = (over: Changes["network"]) => () => weightsToStartFrom(model, over);
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
    expect(() => weightsToStartFrom(model, {}, 42, ["cat", "rabbit"])).toThrow(
      "categories: the run has cat,rabbit",
    );
  });

  test("begins as a model with guidance distilled draws when told 1", async () => {
    const told = tiny({ maxGuidance: 4 });
    const weights = weightsToStartFrom(told);
    const found = await predictionOf(withNetwork(told.config, { maxGuidance: undefined }), weights);
    const expected = await predictionOf(told.config, told.weights, 1);
    for (const [i, value] of found.entries()) expect(value).toBeCloseTo(expected[i], 5);
    const other = await predictionOf(told.config, told.weights, 3);
    expect(Math.max(...other.map((value, i) => Math.abs(value - expected[i])))).toBeGreaterThan(1e-3);
  });
});
